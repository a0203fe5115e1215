import { createRequire } from "node:module";
import { encode } from "fast-png";
import { drawnFamily, fontFiles } from "./fonts.js";
import { toPalette } from "./palette.js";

const require = createRequire(import.meta.url);

// zlib of node compresses faster, but its bytes differ between processors
const zlib = { level: 8, mem: 6 } as const;

/**
 * Draws an SVG as a PNG with a palette, with the packaged fonts only, so that the bytes do not depend on the machine.
 *
 * @param svg - an SVG document without transparency at its edges
 * @param scale - pixels of the picture for each pixel of the SVG
 * @param colors - largest number of colors, 2 to 256
 * @returns the bytes of a PNG file
 */
export function rasterize(svg: string, scale: number, colors: number): Uint8Array {
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
  const { width, height } = image;
  const { indices, colors: palette } = toPalette(image.pixels, colors);
  return encode({ width, height, data: indices, channels: 1, depth: 8, palette }, { zlib });
}
