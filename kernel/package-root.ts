import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the dn2 package that this file belongs to. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Version of the dn2 package. */
export const packageVersion: string = JSON.parse(
  readFileSync(join(packageRoot, "package.json"), "utf8"),
).version;

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error("the kernel must lie inside the dn2 package, whose package.json is missing");
  return findRoot(parent);
}
