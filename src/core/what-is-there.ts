import { type Stats, statSync } from "node:fs";

/**
 * @param path - a path
 * @returns what is there; undefined where nothing is, where it cannot be looked at, and where a file stands for one of the folders above
 */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * @param path - a path
 * @returns whether there is a folder
 */
export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}

/**
 * @param path - a path
 * @returns whether there is a file
 */
export function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true;
}
