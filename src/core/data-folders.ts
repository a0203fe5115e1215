import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** @returns the folder for what the project may fetch or compute again: DN2_CACHE, else ~/.cache/dn2 */
export function cacheFolder(): string {
  return resolve(process.env.DN2_CACHE || join(homedir(), ".cache", "dn2"));
}

/** @returns the folders in which data sets and weights are looked for: those named in DN2_DATA, then the cache */
export function dataFolders(): string[] {
  const named = (process.env.DN2_DATA ?? "").split(delimiter).filter((folder) => folder.trim() !== "");
  return [...named.map((folder) => resolve(folder)), cacheFolder()];
}

/**
 * Finds a file or folder in the data folders.
 *
 * @param relativePath - path inside a data folder, for example "weights/squeezenet1_1.safetensors"
 * @returns its absolute path in the first data folder that has it; undefined when none has
 */
export function findData(relativePath: string): string | undefined {
  return dataFolders()
    .map((folder) => join(folder, relativePath))
    .find((path) => existsSync(path));
}

/** @returns the folder of this package, which holds data/ and notebooks/ */
export function packageRoot(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "dn2") return folder;
    if (dirname(folder) === folder) {
      throw new Error("the package folder of dn2 was not found above its modules; install the package again");
    }
  }
}
