import { join } from "node:path";
import type { Aspect } from "../core/image.js";
import type { ImageBacking } from "./image-set.js";

/**
 * A backing over image files, which are decoded only when an image is needed.
 *
 * @param folder - the folder that holds them
 * @param paths - posix paths inside the folder, all different; they are the ids
 * @param labels - class of each file, -1 = unlabelled
 * @param classNames - names of the classes
 * @param aspect - what resizing does to images that are not square
 * @returns the backing
 */
export function fileBacking(
  folder: string,
  paths: readonly string[],
  labels: ArrayLike<number>,
  classNames: readonly string[],
  aspect?: Aspect,
): ImageBacking {
  return {
    classNames,
    labels,
    id: (i) => paths[i],
    source: (i) => ({ kind: "file", path: join(folder, paths[i]), aspect }),
  };
}
