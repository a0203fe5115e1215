import { aroundPhotos, markDrawing, photosMark } from "../../core/dark-figures.js";
import { toPalette } from "./palette.js";
import { drawnPixels, encodePalette } from "./raster.js";

/** A photograph, and what shows colors that mean something. */
const kept = /<image\b[^>]*>|<[a-z]+ class="cbfill[^>]*>/g;

/**
 * Draws an SVG as the PNG that a notebook keeps beside a figure: marked so that a dark page can turn its lightness around, but for
 * the photographs and scales of color in it.
 *
 * @param svg - an SVG document without transparency at its edges
 * @param colors - largest number of colors, 2 to 128
 * @returns the bytes of a PNG file, one pixel for each pixel of the SVG
 */
export async function notebookPng(svg: string, colors: number): Promise<Uint8Array> {
  const image = await drawnPixels(svg, 1);
  const { indices, colors: palette } = toPalette(image.pixels, colors);
  if (svg.search(kept) < 0) return markDrawing(encodePalette(image, indices, palette));
  const isKept = await keptPixels(svg);
  const around = palette.map(([r, g, b]): [number, number, number, number] => [r, g, b, aroundPhotos]);
  const photos = palette.map(([r, g, b]): [number, number, number, number] => [r, g, b, 255]);
  const both = indices.map((index, i) => (isKept[i] ? around.length + index : index));
  return markDrawing(encodePalette(image, both, [...around, ...photos]), photosMark);
}

/** For each pixel 1 where a photograph or a scale of colors is seen: where it makes a difference whether that is black or white. */
async function keptPixels(svg: string): Promise<Uint8Array> {
  const black = await drawnPixels(filled(svg, "#000000"), 1);
  const white = await drawnPixels(filled(svg, "#FFFFFF"), 1);
  return Uint8Array.from({ length: black.width * black.height }, (_, i) =>
    Number(white.pixels[4 * i] - black.pixels[4 * i] > 127),
  );
}

function filled(svg: string, color: string): string {
  return svg.replace(kept, (tag) =>
    tag.startsWith("<image")
      ? tag.replace("<image", `<rect fill="${color}"`).replace(/ (xlink:)?href="[^"]*"/g, "")
      : tag.replace(/fill: [^;"]*/, `fill: ${color}`),
  );
}
