import type { ImageBacking } from "./image-set.js";

/** Images of one size from one file, in memory. */
export interface PixelRows {
  /** The file's name, the first part of each id. */
  readonly file: string;
  /** Uint8Array, n x (height * width * channels), one image a row, channels interleaved. */
  readonly pixels: Uint8Array;
  /** Class of each image, length n. */
  readonly labels: Uint8Array;
}

/**
 * A backing over files of equally sized images that are in memory; nothing is copied.
 *
 * @param files - the files in order
 * @param shape - size of every image
 * @param classNames - names of the classes
 * @returns the backing; ids are "file#position"
 */
export function pixelBacking(
  files: readonly PixelRows[],
  shape: { width: number; height: number; channels: 1 | 3 },
  classNames: readonly string[],
): ImageBacking {
  const labels = new Uint8Array(files.reduce((sum, file) => sum + file.labels.length, 0));
  const starts: number[] = [];
  let start = 0;
  for (const file of files) {
    starts.push(start);
    labels.set(file.labels, start);
    start += file.labels.length;
  }
  const rowLength = shape.width * shape.height * shape.channels;
  const locate = (i: number) => {
    const part = starts.findLastIndex((first) => first <= i);
    return { file: files[part], row: i - starts[part] };
  };
  return {
    classNames,
    labels,
    id(i) {
      const { file, row } = locate(i);
      return `${file.file}#${row}`;
    },
    source(i) {
      const { file, row } = locate(i);
      const data = file.pixels.subarray(row * rowLength, (row + 1) * rowLength);
      return { kind: "pixels", image: { ...shape, data } };
    },
  };
}
