import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isFolder } from "../src/core/what-is-there.js";
import { type CommandArguments, UsageError } from "./command.js";
import { requireWritable } from "./files.js";

/** A notebook to execute. */
export interface NotebookFile {
  /** The notebook. */
  readonly path: string;
  /** Where the executed notebook goes; undefined: nowhere. */
  readonly output: string | undefined;
}

/**
 * Finds the notebooks that a command names, and where their outputs go.
 *
 * @param named - files and folders; of a folder its notebooks, not those of its subfolders
 * @param values - the options `output` and `in-place`
 * @returns the notebooks, folders in alphabetical order
 * @throws UsageError when there are none, or the outputs have no place
 */
export function notebookFiles(
  named: readonly string[],
  values: CommandArguments["values"],
): readonly NotebookFile[] {
  const paths = named.flatMap(notebooksAt);
  if (paths.length === 0) {
    throw new UsageError(`the command needs a notebook; got ${named.join(" ") || "none"}`);
  }
  const output = values.output as string | undefined;
  if (values["in-place"] === true) {
    if (output !== undefined)
      throw new UsageError("--in-place and --output exclude each other; give one of them");
    return paths.map((path) => ({ path, output: path }));
  }
  if (output === undefined) return paths.map((path) => ({ path, output }));
  const intoFolder = isFolder(output) || /[/\\]$/.test(output) || paths.length > 1 || isFolder(named[0]);
  if (!intoFolder) {
    requireWritable(output);
    return [{ path: paths[0], output }];
  }
  if (existsSync(output) && !isFolder(output)) {
    throw new UsageError(`--output must be a folder when there are several notebooks; ${output} is a file`);
  }
  const names = paths.map((path) => basename(path));
  const double = names.find((name, i) => names.indexOf(name) < i);
  if (double) throw new UsageError(`two notebooks are named ${double}; run them one after the other`);
  mkdirSync(output, { recursive: true });
  return paths.map((path) => ({ path, output: join(output, basename(path)) }));
}

function notebooksAt(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`there is no notebook ${path}`);
  if (!isFolder(path)) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(".ipynb") && !name.startsWith("."));
  if (names.length === 0) throw new UsageError(`there is no notebook in the folder ${path}`);
  return names.sort().map((name) => join(path, name));
}
