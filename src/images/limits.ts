/** Most pixels of an image that is decoded or made: 100 megapixels. */
export const pixelLimit = 100_000_000;

/** Largest image file that is read, in bytes. */
export const fileLimit = 512 * 1024 * 1024;

/** A file being decoded is refused; its message is the rest of a sentence about "it". */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * Refuses the file being decoded; the caller adds its name.
 *
 * @param reason - what is wrong with it, as a sentence about "it"
 * @throws Refusal always
 */
export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/**
 * Refuses a size read from a header before anything of that size is allocated.
 *
 * @param width - width in pixels
 * @param height - height in pixels
 * @throws Refusal when a side is below 1 or there are more than 100 megapixels
 */
export function checkPixels(width: number, height: number): void {
  if (!(width >= 1 && height >= 1)) refuse(`its header says ${width} x ${height} pixels`);
  if (width * height > pixelLimit) {
    refuse(`its header says ${width} x ${height} pixels; at most ${pixelLimit / 1e6} megapixels are read`);
  }
}
