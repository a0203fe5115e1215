import { Displayable } from "../../core/display.js";
import type { Image, Mask } from "../../core/image.js";
import { type Preparation, preparedWindow } from "../../images/index.js";
import type { PatchMap } from "./patch-scores.js";

/** What a Heatmap is made of. */
export interface HeatmapInit {
  /** The original image. */
  readonly image: Image;
  /** Scores of its places. */
  readonly map: PatchMap;
  /** How the image became the network's input, its own aspect included. */
  readonly preparation: Preparation;
  /** What a score is, for labels. */
  readonly description: string;
  /** Where the image is anomalous, if known. */
  readonly mask?: Mask;
}

/**
 * Anomaly scores over an image, pixel by pixel: the scores of the places, interpolated between their middles, after resizing and
 * cropping were undone. The places are taken as equal cells of what the network saw; a trained network looks within half a cell
 * of the middle, mostly within a quarter (bench/places.mjs: MobileNetV2, SqueezeNet, MobileNet-EdgeTPU, the embedded network).
 * Beyond the outermost middles the scores go on unchanged.
 */
export class Heatmap extends Displayable {
  /** Id of the image. */
  readonly id: string;
  /** The image. */
  readonly image: Image;
  /** Columns, those of the image. */
  readonly width: number;
  /** Rows, those of the image. */
  readonly height: number;
  /** Float32Array, height x width: the score of each pixel; NaN where the network did not see it, outside of the centre crop. */
  readonly values: Float32Array;
  /** What a score is, for labels. */
  readonly description: string;
  /** Where the image is anomalous, if known. */
  readonly mask?: Mask;

  /** @param init - image, scores of places, preparation */
  constructor({ image, map, preparation, description, mask }: HeatmapInit) {
    super();
    const { width, height } = image;
    const resized = preparedWindow(image, preparation);
    const { window } = resized;
    const across = taps(width, resized.width, window.left, window.width, map.width);
    const down = taps(height, resized.height, window.top, window.height, map.height);
    this.id = map.id;
    this.image = image;
    this.width = width;
    this.height = height;
    this.values = interpolated(map, across, down);
    this.description = description;
    this.mask = mask;
  }

  /** Column, row and score of the most anomalous pixel, the first of equal ones. */
  get peak(): { readonly x: number; readonly y: number; readonly score: number } {
    let at = this.values.findIndex((value) => !Number.isNaN(value));
    this.values.forEach((value, i) => {
      if (value > this.values[at]) at = i;
    });
    return { x: at % this.width, y: Math.floor(at / this.width), score: this.values[at] };
  }

  override toString(): string {
    const { x, y, score } = this.peak;
    return `Heatmap of ${this.id}: ${this.width} x ${this.height} pixels, highest at column ${x}, row ${y} (${score.toPrecision(4)}), ${this.description}`;
  }
}

/** The two places around a pixel and how far it is on the way; undefined where the network did not see it. */
type Tap = { readonly low: number; readonly high: number; readonly share: number } | undefined;

function taps(pixels: number, resized: number, before: number, seen: number, count: number): Tap[] {
  return Array.from({ length: pixels }, (_, i) => {
    const inInput = ((i + 0.5) * resized) / pixels - before;
    if (inInput < 0 || inInput > seen) return undefined;
    const at = Math.min(count - 1, Math.max(0, (inInput / seen) * count - 0.5));
    const low = Math.floor(at);
    return { low, high: Math.min(count - 1, low + 1), share: at - low };
  });
}

function interpolated(map: PatchMap, across: readonly Tap[], down: readonly Tap[]): Float32Array {
  const values = new Float32Array(across.length * down.length).fill(Number.NaN);
  let at = 0;
  for (const y of down) {
    for (const x of across) {
      if (x !== undefined && y !== undefined) {
        const along = (row: number) => {
          const left = map.values[row * map.width + x.low];
          return left + (map.values[row * map.width + x.high] - left) * x.share;
        };
        const upper = along(y.low);
        values[at] = upper + (along(y.high) - upper) * y.share;
      }
      at++;
    }
  }
  return values;
}
