import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";

/**
 * Puts the files of some folders into another place without using the space twice. Each file appears whole.
 *
 * @param {string} from - a folder
 * @param {string} to - a folder, made if missing
 * @param {readonly string[]} parts - subfolders to bring over, in this order
 */
export function linkTree(from, to, parts) {
  for (const part of parts) {
    for (const name of readdirSync(join(from, part), { recursive: true, encoding: "utf8" }).sort()) {
      const source = join(from, part, name);
      const target = join(to, part, name);
      const kind = lstatSync(source);
      if (kind.isDirectory()) continue;
      mkdirSync(dirname(target), { recursive: true });
      const partial = `${target}.partial`;
      rmSync(partial, { force: true });
      if (kind.isSymbolicLink()) symlinkSync(readlinkSync(source), partial);
      else hardLink(source, partial);
      rmSync(target, { force: true });
      renameSync(partial, target);
    }
  }
}

/**
 * @param {string} source
 * @param {string} target
 */
function hardLink(source, target) {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
