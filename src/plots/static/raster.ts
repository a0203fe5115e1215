import { createRequire } from "node:module";
import { encode } from "fast-png";
import { drawnFamily, fontFiles } from "./fonts.js";
import { toPalette } from "./palette.js";

const require = createRequire(import.meta.url);

// zlib of node compresses faster, but its bytes differ between processors
const zlib = { level: 8, mem: 6 } as const;

/** A drawing in pixels. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly pixels: Uint8Array;
}

/**
 * Draws an SVG as a PNG with a palette, with the packaged fonts only, so that the bytes do not depend on the machine.
 *
 * @param svg - an SVG document without transparency at its edges
 * @param scale - pixels of the picture for each pixel of the SVG
 * @param colors - largest number of colors, 2 to 256
 * @returns the bytes of a PNG file
 */
export async function rasterize(svg: string, scale: number, colors: number): Promise<Uint8Array> {
  const image = await drawnPixels(svg, scale);
  const { indices, colors: palette } = toPalette(image.pixels, colors);
  return encodePalette(image, indices, palette);
}

/**
 * @param size - width and height of the picture
 * @param indices - position of each pixel's color in the palette
 * @param palette - at most 256 colors, red, green, blue and perhaps alpha; those that are not opaque come first
 * @returns the bytes of a PNG file
 */
export function encodePalette(
  { width, height }: Pick<Pixels, "width" | "height">,
  indices: Uint8Array,
  palette: [number, number, number][] | [number, number, number, number][],
): Uint8Array {
  return encode({ width, height, data: indices, channels: 1, depth: 8, palette }, { zlib });
}

/**
 * Draws an SVG on white.
 *
 * @param svg - an SVG document
 * @param scale - pixels of the picture for each pixel of the SVG
 * @returns the pixels
 */
export async function drawnPixels(svg: string, scale: number): Promise<Pixels> {
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  const drawing = new Resvg(svg, {
    background: "#ffffff",
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(/font-style: *(italic|oblique)/.test(svg)),
      defaultFontFamily: drawnFamily,
      sansSerifFamily: drawnFamily,
    },
  });
  const image = drawing.render();
  const { width, height, pixels } = image;
  // resvg gives its memory back between tasks only, never between promises
  await new Promise((resolve) => setImmediate(resolve));
  return { width, height, pixels };
}
