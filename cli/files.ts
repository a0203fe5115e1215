import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { statOf } from "../src/core/what-is-there.js";
import { type CommandArguments, UsageError } from "./command.js";

/**
 * Requires a file that a command reads.
 *
 * @param required - what the command needs ("share needs one executed notebook")
 * @param positionals - what was given
 * @returns the file's path as given
 * @throws UsageError when it is not exactly one, or no file
 */
export function inputFile(required: string, positionals: readonly string[]): string {
  const [path] = positionals;
  if (positionals.length !== 1) throw new UsageError(`${required}; got ${positionals.join(" ") || "none"}`);
  const found = statOf(path);
  if (!found) throw new UsageError(`${required}; there is no ${path}`);
  if (found.isDirectory()) throw new UsageError(`${required}; ${path} is a folder`);
  return path;
}

/**
 * Reads the option `--cache`.
 *
 * @param values - the options' values
 * @returns the folder as given; undefined where the option is not
 * @throws UsageError when there is a file of that name
 */
export function cacheFolderOption({ cache }: CommandArguments["values"]): string | undefined {
  if (typeof cache !== "string") return undefined;
  const found = statOf(cache);
  if (found && !found.isDirectory()) {
    throw new UsageError(`--cache must be a folder, or a name for a new one; ${cache} is none`);
  }
  return cache;
}

/**
 * Reads the option `--output`, before long work is done for a file that cannot be written.
 *
 * @param values - the options' values
 * @param ending - the ending that the file's name must have (".npy")
 * @returns the file's absolute path
 * @throws UsageError when it is missing, has another ending, or cannot be written
 */
export function outputFile(values: CommandArguments["values"], ending: string): string {
  const { output } = values;
  if (typeof output !== "string") throw new UsageError(`--output FILE${ending} is needed`);
  if (!output.endsWith(ending)) {
    throw new UsageError(`--output must be a file name that ends in ${ending}; got ${output}`);
  }
  const path = resolve(output);
  requireWritable(path);
  return path;
}

/**
 * @param path - a file that is to be written
 * @throws UsageError when its folder can neither be written nor made, or there is a folder of its name
 */
export function requireWritable(path: string): void {
  requireWritableFolder("--output must be in", dirname(resolve(path)));
  if (statOf(path)?.isDirectory()) {
    throw new UsageError(`--output must be a file; ${path} is a folder: name another file`);
  }
}

/**
 * @param required - what the command needs the folder for ("--heatmaps must be")
 * @param folder - a folder that is to be written to, and made where it is missing
 * @throws UsageError when it is a file, or can neither be written nor made
 */
export function requireWritableFolder(required: string, folder: string): void {
  let nearest = resolve(folder);
  while (!statOf(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    if (!statOf(nearest)?.isDirectory()) throw new Error("no folder");
    accessSync(nearest, constants.W_OK);
  } catch {
    throw new UsageError(`${required} a folder that can be written or made; got ${folder}`);
  }
}
