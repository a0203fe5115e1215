import { extname } from "node:path";
import { Displayable, jupyterDisplay, type MimeBundle } from "../core/display.js";
import { checkOptions, oneOf } from "../core/options.js";
import { writeFileAtomically } from "../core/write-file.js";
import { plainLine } from "./label.js";
import { type PlotlyObject, plainJson } from "./plain-json.js";
import { notebookPng } from "./static/notebook-png.js";
import { rasterize } from "./static/raster.js";
import { renderSvg } from "./static/render.js";
import { config, defaultHeight, defaultWidth, template } from "./theme.js";

/** Colors of the picture that a notebook keeps: half of what PNG allows makes photographs a fifth smaller without a visible loss. */
const notebookColors = 128;

/**
 * A figure: a plotly specification that a notebook shows as a live graph, with a picture and a line of text beside it
 * for places that run no scripts. plotly.js itself is never part of a notebook.
 */
export class Figure extends Displayable {
  /** Traces, plain JSON. */
  readonly data: readonly PlotlyObject[];
  /** Layout, plain JSON, with `template`, `width` and `height` in pixels. */
  readonly layout: PlotlyObject & { readonly width: number; readonly height: number };
  /** What the figure shows, in one sentence. */
  readonly alt: string;

  /**
   * @param data - traces as plotly reads them; typed arrays are allowed
   * @param layout - layout; `template` is the project's, `width` 720 and `height` 420 unless given
   * @param alt - what the figure shows, in one sentence, for readers who cannot see it
   * @throws RangeError when a number is NaN or infinite (null is a gap), or a text links to a script
   */
  constructor(data: readonly object[], layout: object, alt: string) {
    super();
    const sized = { template, width: defaultWidth, height: defaultHeight, ...layout };
    this.data = plainJson(data, "data") as PlotlyObject[];
    this.layout = plainJson(sized, "layout") as Figure["layout"];
    this.alt = plainLine(alt);
  }

  /** @returns the specification as a live graph reads it */
  toJSON(): { data: readonly PlotlyObject[]; layout: PlotlyObject; config: PlotlyObject } {
    return { data: this.data, layout: this.layout, config };
  }

  /** @returns the figure as an SVG document, drawn without a browser */
  svg(): Promise<string> {
    return renderSvg(this.data, this.layout);
  }

  /**
   * Draws the figure without a browser; the first drawing of a process takes about a second longer.
   *
   * @param options - `scale`: pixels for each layout pixel, above 0 up to 8, default 2
   * @returns the bytes of a PNG file with at most 256 colors, the same on every machine
   */
  async png(options: { scale?: number } = {}): Promise<Uint8Array> {
    checkOptions("png", options, ["scale"]);
    const { scale = 2 } = options;
    if (!(scale > 0 && scale <= 8)) throw new RangeError(`scale must be above 0 and at most 8; got ${scale}`);
    return rasterize(await this.svg(), scale, 256);
  }

  /**
   * Writes the figure to a file; an earlier file stays whole until the new one is complete.
   *
   * @param path - ends in .png (drawn at scale 2), .svg or .json (the specification)
   */
  async save(path: string): Promise<void> {
    const kind = oneOf("picture file ending", extname(path).toLowerCase(), [".png", ".svg", ".json"]);
    const content =
      kind === ".png" ? await this.png() : kind === ".svg" ? await this.svg() : `${JSON.stringify(this)}\n`;
    await writeFileAtomically(path, content);
  }

  override async [jupyterDisplay](): Promise<MimeBundle> {
    const png = await notebookPng(await this.svg(), notebookColors);
    return {
      "application/vnd.plotly.v1+json": this.toJSON(),
      "image/png": Buffer.from(png).toString("base64"),
      "text/plain": this.toString(),
    };
  }

  toString(): string {
    return `Figure: ${this.alt}`;
  }
}
