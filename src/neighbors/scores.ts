import { Displayable } from "../core/display.js";

/** What Scores are made of. */
export interface ScoresInit {
  /** One finite score an image, larger = more anomalous. */
  readonly values: Float64Array;
  /** One identifier an image. */
  readonly ids: readonly string[];
  /** Number of neighbors behind each score. */
  readonly k: number;
  /** What a score is, for axis labels ("mean squared distance to 2 nearest"). */
  readonly description: string;
}

/** An anomaly score for each of a set of images. Larger = more anomalous, here and everywhere in this package. */
export class Scores extends Displayable {
  /** Float64Array: one score an image. */
  readonly values: Float64Array;
  /** One identifier an image. */
  readonly ids: readonly string[];
  /** Number of neighbors behind each score. */
  readonly k: number;
  /** What a score is, for axis labels. */
  readonly description: string;
  #ranking: Int32Array | undefined;

  /**
   * @param init - scores, identifiers, k and description
   * @throws RangeError when scores and identifiers are not equally many, or a score is NaN
   */
  constructor(init: ScoresInit) {
    super();
    const { values, ids, k, description } = init;
    if (values.length !== ids.length) {
      throw new RangeError(`every image needs one score; got ${values.length} scores and ${ids.length} ids`);
    }
    const wrong = values.findIndex(Number.isNaN);
    if (wrong >= 0) throw new RangeError(`scores must be numbers; the score of image ${ids[wrong]} is NaN`);
    this.values = values;
    this.ids = ids;
    this.k = k;
    this.description = description;
  }

  /** Number of images. */
  get length(): number {
    return this.values.length;
  }

  /** @returns Int32Array: positions of all images, most anomalous first, equal scores in order of position */
  rank(): Int32Array {
    const { values } = this;
    this.#ranking ??= Int32Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
    return this.#ranking.slice();
  }

  override toString(): string {
    return `Scores: ${this.length} images, ${this.description}`;
  }
}
