import type { Image } from "../core/image.js";
import type { Preparation } from "./prepare.js";

/**
 * Prepared images as a network's input: (x / 255 - mean) / std per channel.
 *
 * @param images - n images of one size, as made by `prepare`; grey is repeated to RGB
 * @param preparation - gives mean and standard deviation of red, green and blue
 * @param out - Float32Array of at least n x 3 x height x width to fill, default a new one
 * @returns Float32Array, n x 3 x height x width (a view of `out` when that is longer)
 * @throws RangeError when there is no image, sizes differ, or `out` is too short
 */
export function toTensor(
  images: readonly Image[],
  preparation: Pick<Preparation, "mean" | "std">,
  out?: Float32Array,
): Float32Array {
  if (images.length === 0) throw new RangeError("a tensor needs at least one image; got none");
  const { width, height } = images[0];
  const plane = width * height;
  const length = images.length * 3 * plane;
  if (out && out.length < length) {
    throw new RangeError(`the tensor needs room for ${length} numbers; got ${out.length}`);
  }
  const tensor = out ? out.subarray(0, length) : new Float32Array(length);
  const tables = levelTables(preparation);
  for (const [n, image] of images.entries()) {
    if (image.width !== width || image.height !== height) {
      throw new RangeError(
        `images of one tensor must have one size, ${width} x ${height} as the first; image ${n} is ${image.width} x ${image.height}: prepare them with a crop`,
      );
    }
    for (let c = 0; c < 3; c++) {
      const start = (n * 3 + c) * plane;
      fillPlane(tensor.subarray(start, start + plane), image, c, tables[c]);
    }
  }
  return tensor;
}

function fillPlane(plane: Float32Array, image: Image, channel: number, table: Float32Array): void {
  const { channels, data } = image;
  let from = channels === 3 ? channel : 0;
  for (let i = 0; i < plane.length; i++, from += channels) plane[i] = table[data[from]];
}

let lastKey = "";
let lastTables: Float32Array[] = [];

function levelTables({ mean, std }: Pick<Preparation, "mean" | "std">): Float32Array[] {
  const key = `${mean.join()}/${std.join()}`;
  if (key !== lastKey) {
    if (!std.every((s) => s > 0))
      throw new RangeError(`std must be above 0 in every channel; got ${std.join(", ")}`);
    lastTables = mean.map((m, c) =>
      Float32Array.from({ length: 256 }, (_, level) => (level / 255 - m) / std[c]),
    );
    lastKey = key;
  }
  return lastTables;
}
