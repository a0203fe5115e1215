import { Displayable } from "../../core/display.js";
import { checkOptions, integerIn } from "../../core/options.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { loadImage, type Preparation } from "../../images/index.js";
import { Scores } from "../../neighbors/scores.js";
import { Heatmap } from "./heatmap.js";

/** The scores of an image's places. */
export interface PatchMap {
  /** Id of the image. */
  readonly id: string;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Float32Array, height x width: one score a place, larger = more anomalous. */
  readonly values: Float32Array;
}

/** What PatchScores are made of. */
export interface PatchScoresInit {
  /** The images. */
  readonly images: ImageSet;
  /** One map an image. */
  readonly maps: readonly PatchMap[];
  /** How the images became the network's input. */
  readonly preparation: Preparation;
  /** Nearest patches behind each score. */
  readonly k: number;
  /** What the score of a place is. */
  readonly description: string;
}

/** Anomaly scores of places: a heatmap and a score for each of a set of images. */
export class PatchScores extends Displayable {
  /** The images that could be read. */
  readonly images: ImageSet;
  /** One map an image, in order. */
  readonly maps: readonly PatchMap[];
  /** How the images became the network's input. */
  readonly preparation: Preparation;
  /** Nearest patches behind each score. */
  readonly k: number;
  /** What the score of a place is, for labels. */
  readonly description: string;

  /** @param init - images, maps and how they were made */
  constructor(init: PatchScoresInit) {
    super();
    this.images = init.images;
    this.maps = init.maps;
    this.preparation = init.preparation;
    this.k = init.k;
    this.description = init.description;
  }

  /** Number of images. */
  get length(): number {
    return this.maps.length;
  }

  /**
   * One score an image: that of its most anomalous place, or the mean of several.
   *
   * @param options - `top`: how many of the most anomalous places are averaged, default 1; all where a map has fewer
   * @returns the scores
   * @throws RangeError when `top` is not at least 1
   */
  scores(options: { readonly top?: number } = {}): Scores {
    checkOptions("scores", options, ["top"]);
    const top = integerIn("top, the number of places that are averaged,", options.top ?? 1, 1, 2 ** 31);
    const values = Float64Array.from(this.maps, (map) => {
      const sorted = Float64Array.from(map.values).sort().subarray(-top);
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    });
    const which = top === 1 ? "largest" : `mean of the ${top} largest`;
    const description = `${which} over the places of: ${this.description}`;
    return new Scores({ values, ids: this.images.ids, k: this.k, description });
  }

  /**
   * The scores of an image's places over the image itself, pixel by pixel.
   *
   * @param i - position of the image, from 0 to length - 1
   * @returns the heatmap, as large as the image
   * @throws RangeError when there is no such image
   * @throws DataError when the image cannot be read any more
   */
  async heatmap(i: number): Promise<Heatmap> {
    integerIn("image", i, 0, this.length - 1);
    const source = this.images.source(i);
    const image = await loadImage(source);
    return new Heatmap({
      image,
      map: this.maps[i],
      preparation: { ...this.preparation, aspect: source.aspect },
      description: this.description,
      mask: this.images.mask(i),
    });
  }

  override toString(): string {
    const { width, height } = this.maps[0] ?? { width: 0, height: 0 };
    return `PatchScores: ${this.length} images, ${height} x ${width} places each, ${this.description}`;
  }
}
