import { join } from "node:path";
import type { ImageBacking } from "./image-set.js";

/**
 * A backing over image files, which are decoded only when an image is needed.
 *
 * @param folder - the folder that holds them
 * @param paths - posix paths inside the folder, all different; they are the ids
 * @param labels - class of each file, -1 = unlabelled
 * @param classNames - names of the classes
 * @returns the backing
 */
export function fileBacking(
  folder: string,
  paths: readonly string[],
  labels: ArrayLike<number>,
  classNames: readonly string[],
): ImageBacking {
  return {
    classNames,
    labels,
    id: (i) => paths[i],
    source: (i) => ({ kind: "file", path: join(folder, paths[i]) }),
  };
}
