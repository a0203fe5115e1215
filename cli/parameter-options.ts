import { readFile } from "node:fs/promises";
import { whyNotJson } from "../src/core/errors.js";
import { UsageError } from "./command.js";

/** Parameters by name: texts of the command line, or values of a file. */
export type ParameterTexts = ReadonlyMap<string, { readonly text: string } | { readonly value: unknown }>;

/**
 * Reads the parameters that a command was given.
 *
 * @param pairs - "NAME=VALUE"
 * @param file - JSON file with values by name
 * @returns the parameters; pairs go before the file
 * @throws UsageError when a pair lacks a name or the file holds no object
 */
export async function givenParameters(
  pairs: readonly string[] = [],
  file?: string | boolean,
): Promise<ParameterTexts> {
  const given = new Map<string, { text: string } | { value: unknown }>();
  if (typeof file === "string") {
    for (const [name, value] of Object.entries(await readObject(file))) given.set(name, { value });
  }
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim();
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
      throw new UsageError(
        `-p needs NAME=VALUE with the name of a variable, for example -p k=5; got ${pair}`,
      );
    }
    given.set(name, { text: pair.slice(at + 1) });
  }
  return given;
}

async function readObject(path: string): Promise<object> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--parameters-file must be a JSON file; ${path}: ${whyNotJson(error)}`);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new UsageError(
      `--parameters-file must hold an object of values by name; ${path} holds another value`,
    );
  }
  return content;
}
