import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { DataError, messageOf, NothingFound } from "../core/errors.js";
import { checkInterrupted } from "../core/progress.js";
import { compareNaturally } from "./order.js";

const imageExtensions = new Set([".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif"]);

/** The image files below a folder. */
export interface ImageFiles {
  /** Posix paths inside the folder, in natural order ("cell2.png" before "cell10.png"). */
  readonly paths: string[];
  /** What was passed over and why, one sentence each. */
  readonly notes: string[];
}

/**
 * Lists the images below a folder, judged by their extension; nothing is opened.
 *
 * Links are followed, but no folder is entered twice. Hidden files and folders are passed over.
 *
 * @param folder - the folder
 * @returns the images and what was passed over
 * @throws DataError when the folder cannot be read; NothingFound, one of them, when it holds no image
 */
export async function listImages(folder: string): Promise<ImageFiles> {
  const paths: string[] = [];
  const passedOver = new Map<string, number>();
  const count = (what: string) => passedOver.set(what, (passedOver.get(what) ?? 0) + 1);
  const entered = new Set<string>();
  const pending = [""];
  while (pending.length > 0) {
    checkInterrupted();
    const relative = pending.pop()!;
    const place = await realPath(join(folder, relative));
    if (entered.has(place)) {
      count("linked folders that were entered before");
      continue;
    }
    entered.add(place);
    for (const entry of await readFolder(join(folder, relative))) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.name.startsWith(".")) {
        count("hidden files and folders");
        continue;
      }
      const kind = await kindOf(entry, join(folder, path));
      const extension = extname(entry.name).toLowerCase();
      if (kind === "folder") pending.push(path);
      else if (kind !== "file") count(kind);
      else if (imageExtensions.has(extension)) paths.push(path);
      else count(extension === "" ? "files without extension" : `${extension} files`);
    }
  }
  if (paths.length === 0) {
    const extensions = [...imageExtensions].join(", ");
    throw new NothingFound(`${folder} must hold at least one image (${extensions}); it holds none`, folder);
  }
  const notes = [...passedOver].sort().map(([what, n]) => `passed over: ${n} ${what}`);
  return { paths: paths.sort(compareNaturally), notes };
}

async function realPath(path: string): Promise<string> {
  return realpath(path).catch((error) => refuse(path, error));
}

async function readFolder(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch((error) => refuse(path, error));
}

function refuse(path: string, error: unknown): never {
  throw new DataError(`${path} must be a folder that can be read (${messageOf(error)})`, path, error);
}

async function kindOf(entry: Dirent, path: string): Promise<string> {
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (target === undefined) return "broken links";
  return target.isDirectory() ? "folder" : target.isFile() ? "file" : "special files";
}
