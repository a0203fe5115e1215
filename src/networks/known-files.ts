import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { basename } from "node:path";
import { DataError } from "../core/errors.js";
import type { Network } from "./network.js";

/**
 * The beginning of the SHA-256 that a published file carries in its name, as in resnet101-63fe2227.pth.
 *
 * @param networks - networks whose files are known
 * @param path - a file
 * @returns the hexadecimal digits; undefined when the file's name is not one of the published ones
 */
export function hashInName(networks: readonly Network[], path: string): string | undefined {
  const name = basename(path);
  const published = networks.some(({ weights }) =>
    [weights.file, ...(weights.otherFiles ?? [])].includes(name),
  );
  return published ? /-([0-9a-f]{8,64})\.[a-z]+$/.exec(name)?.[1] : undefined;
}

/**
 * Sets a wrong file aside, so that it is neither used nor lost, and says so.
 *
 * @param path - the file
 * @param expected - beginning of the SHA-256 it must have
 * @param hash - SHA-256 it has
 * @returns the error to throw
 */
export async function setAside(path: string, expected: string, hash: string): Promise<DataError> {
  let aside = `${path}.wrong`;
  for (let i = 2; existsSync(aside); i++) aside = `${path}.wrong${i}`;
  let place: string;
  try {
    await rename(path, aside);
    place = `it is kept as ${aside}`;
  } catch {
    place = "delete it";
  }
  return new DataError(
    `${path}: its SHA-256 must begin with ${expected}, as its name says; it is ${hash}, so the file is damaged or another one: ${place}; fetch it again`,
    path,
  );
}
