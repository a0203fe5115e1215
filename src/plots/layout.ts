import { integerIn } from "../core/options.js";
import { label, plainLine } from "./label.js";
import { wrapText } from "./static/wrap.js";
import { colors, defaultWidth } from "./theme.js";

/** Options that every figure has. */
export interface TitleOptions {
  /** What the figure says, in one line. */
  readonly title?: string;
  /** What it was made of, in one line. */
  readonly subtitle?: string;
  /** Width in pixels. */
  readonly width?: number;
}

/** Options of figures whose height does not follow from what they show. */
export interface FigureOptions extends TitleOptions {
  /** Height in pixels. */
  readonly height?: number;
}

/** Keys of TitleOptions. */
export const titleOptionKeys: readonly string[] = ["title", "subtitle", "width"];

/** Keys of FigureOptions. */
export const figureOptionKeys: readonly string[] = [...titleOptionKeys, "height"];

/** Size in pixels of a figure and of its margins, and its title. */
export interface Frame {
  /** `width`, `height` and `margin` of a layout. */
  readonly size: {
    readonly width: number;
    readonly height: number;
    readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  };
  /** Title and subtitle as annotations of a layout: plotly's own titles do not grow downwards. */
  readonly heading: readonly object[];
  /** Width of the area inside the margins. */
  readonly innerWidth: number;
  /** Height of the area inside the margins. */
  readonly innerHeight: number;
}

const titleSize = 16;
const subtitleSize = 12.5;
const titleIndent = 16;
const titleTop = 12;
const lineHeight = 1.3;

/** What a figure is by default. */
export interface FrameDefaults {
  readonly title: string;
  readonly subtitle?: string;
  readonly width?: number;
  /** Height in pixels below the title. */
  readonly body?: number;
  readonly margin?: { readonly l?: number; readonly r?: number; readonly b?: number };
}

/**
 * The parts of a layout that titles and size decide; titles are broken into lines and the top margin grows with them.
 *
 * @param options - options of the user
 * @param defaults - title, size and margins otherwise
 * @returns sizes and title
 */
export function frame(options: FigureOptions, defaults: FrameDefaults): Frame {
  const width = integerIn("width", options.width ?? defaults.width ?? defaultWidth, 200, 4000, "pixels");
  const room = width - 2 * titleIndent;
  const title = wrapText(plainLine(options.title ?? defaults.title), room, titleSize);
  const said = plainLine(options.subtitle ?? defaults.subtitle ?? "");
  const subtitle = said ? wrapText(said, room, subtitleSize) : [];
  const titleHeight = title.length * titleSize * lineHeight;
  const top = Math.round(titleTop + titleHeight + subtitle.length * subtitleSize * lineHeight + 22);
  const { l = 68, r = 24, b = 56 } = defaults.margin ?? {};
  const height =
    options.height === undefined
      ? top + (defaults.body ?? 350)
      : integerIn("height", options.height, top + 100, 4000, "pixels");
  const line = (lines: readonly string[], below: number, size: number, color: string) => ({
    text: lines.map(label).join("<br>"),
    x: 0,
    xref: "paper",
    xanchor: "left",
    xshift: titleIndent - l,
    y: 1,
    yref: "paper",
    yanchor: "top",
    yshift: top - below,
    align: "left",
    borderpad: 0,
    font: { size, color },
  });
  return {
    size: { width, height, margin: { l, r, t: top, b } },
    heading: [
      line(title, titleTop, titleSize, colors.ink),
      ...(said ? [line(subtitle, titleTop + titleHeight + 1, subtitleSize, colors.quiet)] : []),
    ],
    innerWidth: width - l - r,
    innerHeight: height - top - b,
  };
}
