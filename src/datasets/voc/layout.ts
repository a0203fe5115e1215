import { existsSync, readdirSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { isFolder } from "../../core/what-is-there.js";
import { compareNaturally } from "../order.js";

/** Which part of the split a list or a folder stands for. */
export type VocPart = "train" | "val" | "trainval" | "test";

/** Where a VOC-style folder has what; paths are posix paths inside it. */
export interface VocLayout {
  /** Folders of pictures, with the part that their name states. */
  readonly pictures: readonly { readonly path: string; readonly part?: VocPart }[];
  /** Folders of annotations. */
  readonly annotations: readonly string[];
  /** Lists of pictures by the part they name. */
  readonly lists: ReadonlyMap<VocPart, string>;
}

const parts: readonly VocPart[] = ["train", "val", "trainval", "test"];
/** A name, the part it holds, and the number that some archives append to it. */
const suffix = "(?:[-_](trainval|train|val|test))?(?:-\\d{3})?$";
const picturesName = new RegExp(`^JPEGImages${suffix}`, "i");
const annotationsName = new RegExp(`^Annotations${suffix}`, "i");
/** DIOR has its upright boxes in one folder and its turned ones in another. */
const uprightBoxes = "Horizontal Bounding Boxes";
const listFolders = ["ImageSets/Main", "ImageSets", "Main"];

/**
 * Finds pictures, annotations and lists as PASCAL VOC (JPEGImages, Annotations, ImageSets/Main) and DIOR
 * (JPEGImages-trainval, JPEGImages-test, Annotations/Horizontal Bounding Boxes) are published; a folder that was
 * unpacked into one of its own name is looked into.
 *
 * @param folder - the folder
 * @returns what is where; empty lists where there is nothing of a kind
 */
export function vocLayout(folder: string): VocLayout {
  const pictures = matching(folder, picturesName).map(({ path, match }) => ({
    path,
    part: match[1]?.toLowerCase() as VocPart | undefined,
  }));
  const annotations = matching(folder, annotationsName).map(({ path }) => {
    const upright = `${path}/${uprightBoxes}`;
    return isFolder(join(folder, upright)) ? upright : path;
  });
  const place = listFolders.find((one) => parts.some((part) => existsSync(join(folder, one, `${part}.txt`))));
  const lists = parts.map((part): [VocPart, string] => [part, `${place}/${part}.txt`]);
  return {
    pictures,
    annotations,
    lists: new Map(lists.filter(([, path]) => place !== undefined && existsSync(join(folder, path)))),
  };
}

/**
 * @param folder - a folder
 * @returns the folder itself where it holds pictures and annotations as PASCAL VOC and DIOR arrange them, else the only
 *   folder in it that does, else undefined
 */
export function findVocFolder(folder: string): string | undefined {
  if (isVocFolder(folder)) return folder;
  const inside = foldersIn(folder)
    .map((name) => join(folder, name))
    .filter(isVocFolder);
  return inside.length === 1 ? inside[0] : undefined;
}

/** @returns whether a folder itself holds pictures and annotations as PASCAL VOC and DIOR arrange them */
export function isVocFolder(folder: string): boolean {
  const { pictures, annotations } = vocLayout(folder);
  return pictures.length > 0 && annotations.length > 0;
}

/**
 * @param folder - the data set's folder
 * @param layout - its layout
 * @returns the pictures by name without ending, with their path inside the folder and the part their folder states
 */
export async function vocPictures(
  folder: string,
  layout: VocLayout,
): Promise<Map<string, { path: string; part?: VocPart }>> {
  const found = new Map<string, { path: string; part?: VocPart }>();
  for (const { path, part } of layout.pictures) {
    for (const file of await readdir(join(folder, path))) {
      if (/\.(jpe?g|png|bmp|tiff?)$/i.test(file)) {
        found.set(basename(file, extname(file)), { path: `${path}/${file}`, part });
      }
    }
  }
  return found;
}

/**
 * @param path - a list of pictures, one a line; what follows a name, as in the lists of single classes, is passed over
 * @returns the names, without ending
 */
export async function readVocList(path: string): Promise<Set<string>> {
  const lines = (await readFile(path, "utf8")).replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = lines.map((line) =>
    line
      .trim()
      .split(/\s+/)[0]
      .replace(/\.(jpe?g|png|bmp|tiff?)$/i, ""),
  );
  return new Set(names.filter((name) => name !== ""));
}

function matching(folder: string, pattern: RegExp): { path: string; match: RegExpExecArray }[] {
  return foldersIn(folder).flatMap((name) => {
    const match = pattern.exec(name);
    if (!match) return [];
    const inner = foldersIn(join(folder, name)).find((one) => pattern.test(one));
    return [{ path: inner ? `${name}/${inner}` : name, match: (inner && pattern.exec(inner)) || match }];
  });
}

function foldersIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(folder, entry.name))))
    .map(({ name }) => name)
    .sort(compareNaturally);
}
