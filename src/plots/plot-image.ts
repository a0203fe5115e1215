import { basename } from "node:path";
import type { Image, ImageSource } from "../core/image.js";
import { checkOptions } from "../core/options.js";
import { encodePng, loadImage, resize, toRgb } from "../images/index.js";
import { Figure } from "./figure.js";
import { frame, type TitleOptions, titleOptionKeys } from "./layout.js";
import { paper } from "./paper.js";
import { type Placed, sheetUri } from "./sprite.js";
import { pixelAxes } from "./tiles.js";

const margin = { l: 16, r: 16, b: 14 };
const largestSide = 384;

/**
 * One image, small ones enlarged by a whole number so that every pixel is seen.
 *
 * @param image - the pixels, or where they are
 * @param options - title and width
 * @returns the figure
 */
export async function plotImage(image: Image | ImageSource, options: TitleOptions = {}): Promise<Figure> {
  checkOptions("plotImage", options, titleOptionKeys);
  const pixels = "kind" in image ? await loadImage(image) : image;
  const name = "kind" in image && image.kind === "file" ? basename(image.path) : undefined;
  const shown = enlarged(pixels);
  const { title = name ?? "Image" } = options;
  const subtitle = `${pixels.width} x ${pixels.height} pixels, ${pixels.channels === 1 ? "grey" : "RGB"}`;
  const width = Math.max(280, shown.width + margin.l + margin.r);
  const { size, heading, innerWidth, innerHeight } = frame(options, {
    title,
    subtitle,
    width,
    body: shown.height + margin.b,
    margin,
  });
  return new Figure(
    [paper({ left: 0, top: 0, width: shown.width, height: shown.height }, [])],
    {
      ...size,
      ...pixelAxes(innerWidth, innerHeight, 0),
      images: [
        {
          source:
            shown.width > pixels.width
              ? pngUri(shown)
              : await sheetUri(shown.width, shown.height, [at(shown)]),
          xref: "x",
          yref: "y",
          x: 0,
          y: 0,
          sizex: shown.width,
          sizey: shown.height,
          sizing: "stretch",
        },
      ],
      annotations: heading,
      dragmode: false,
    },
    `${title}: ${subtitle}`,
  );
}

function pngUri(image: Image): string {
  return `data:image/png;base64,${Buffer.from(encodePng(image)).toString("base64")}`;
}

function at(image: Image): Placed {
  return { image: toRgb(image), left: 0, top: 0 };
}

function enlarged(image: Image): Image {
  const factor = largestSide / Math.max(image.width, image.height);
  const scale = factor >= 1 ? Math.min(16, Math.floor(factor)) : factor;
  if (scale === 1) return image;
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return resize(image, side(image.width), side(image.height), scale > 1 ? "nearest" : "bilinear");
}
