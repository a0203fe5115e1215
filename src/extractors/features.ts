import { Displayable } from "../core/display.js";
import { checkOptions, integerIn } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";

/** Where features come from; all but the engine must be equal for two sets of features to be comparable. */
export interface Provenance {
  /** Name of the extractor ("mobilenet_v2"), or what users call features of their own. */
  readonly extractor: string;
  /** Layer whose output was pooled. */
  readonly layer?: string;
  /** sha256 of the weights, in hexadecimal. */
  readonly weightsHash?: string;
  /** How images were prepared, as `describePreparation` says it. */
  readonly preparation?: string;
  /** Engine and version that computed them. */
  readonly engine?: string;
  /** What was done to the features since, in order ("L2-normalised"). */
  readonly steps?: readonly string[];
}

/** One feature vector for each of a set of images: an immutable n x d matrix with identifiers. */
export class Features extends Displayable {
  /** Number of images. */
  readonly n: number;
  /** Features an image. */
  readonly d: number;
  /** Float32Array, n x d row-major. */
  readonly data: Float32Array;
  /** One identifier an image. */
  readonly ids: readonly string[];
  /** The images, where known. */
  readonly images?: ImageSet;
  /** Where the features come from. */
  readonly provenance: Provenance;

  /**
   * @param data - Float32Array, n x d row-major: one row an image; not copied
   * @param d - features an image, at least 1
   * @param ids - n identifiers, no two equal
   * @param about - `images`, in the order of the rows; `provenance`, default "own features"
   * @throws RangeError when sizes disagree, an identifier occurs twice, or a feature is NaN or infinite
   */
  constructor(
    data: Float32Array,
    d: number,
    ids: readonly string[],
    about: { readonly images?: ImageSet; readonly provenance?: Provenance } = {},
  ) {
    super();
    checkOptions("Features", about, ["images", "provenance"]);
    const n = ids.length;
    const { images, provenance = { extractor: "own features" } } = about;
    if (!(data instanceof Float32Array))
      throw new TypeError("features must be a Float32Array, n x d row-major");
    integerIn("d, the number of features an image,", d, 1, Number.MAX_SAFE_INTEGER);
    if (data.length !== n * d) {
      throw new RangeError(`${n} ids with ${d} features each need ${n * d} values; got ${data.length}`);
    }
    if (images && images.length !== n) {
      throw new RangeError(
        `features and images must be equally many; got ${n} rows and ${images.length} images`,
      );
    }
    refuseRepeatedIds(ids);
    refuseNonFinite(data, d, ids);
    this.n = n;
    this.d = d;
    this.data = data;
    this.ids = ids;
    this.images = images;
    this.provenance = provenance;
  }

  /**
   * Features from plain rows, for vectors computed elsewhere.
   *
   * @param rows - n rows of d numbers, rounded to float32
   * @param options - `ids`: one a row, default made from a hash of the values and the row number, so that equal data has
   * equal ids and different data different ones; `extractor`: what made them, default "own features"; `images`
   * @returns the features
   * @throws RangeError when there is no row, rows differ in length or hold NaN or infinite values
   */
  static fromRows(
    rows: readonly ArrayLike<number>[],
    options: { ids?: readonly string[]; extractor?: string; images?: ImageSet } = {},
  ): Features {
    if (rows.length === 0) throw new RangeError("fromRows needs at least one row; got none");
    checkOptions("fromRows", options, ["ids", "extractor", "images"]);
    const d = rows[0].length;
    const data = new Float32Array(rows.length * d);
    rows.forEach((row, i) => {
      if (row.length !== d) {
        throw new RangeError(`all rows must have ${d} features like row 0; row ${i} has ${row.length}`);
      }
      data.set(row, i * d);
    });
    const ids = options.ids ?? options.images?.ids ?? contentIds(data, rows.length);
    if (ids.length !== rows.length) {
      throw new RangeError(
        `ids and rows must be equally many; got ${ids.length} ids and ${rows.length} rows`,
      );
    }
    const provenance = { extractor: options.extractor ?? "own features" };
    return new Features(data, d, ids, { images: options.images, provenance });
  }

  /**
   * Joins features of the same kind; the result has no image set.
   *
   * @param parts - at least one; equally many features an image, no identifier in two parts
   * @returns the rows of all parts in order, with the first part's provenance
   * @throws RangeError when d differs or an identifier occurs twice
   */
  static concat(...parts: Features[]): Features {
    if (parts.length === 0) throw new RangeError("concat needs at least one set of features; got none");
    const { d, provenance } = parts[0];
    const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
    let offset = 0;
    for (const part of parts) {
      requireComparable(parts[0], part, "the first features", "those joined to them");
      data.set(part.data, offset);
      offset += part.data.length;
    }
    const ids = parts.flatMap((part) => part.ids);
    return new Features(data, d, ids, { provenance });
  }

  /**
   * @param i - row number, from 0 to n - 1
   * @returns Float32Array of d features, a view of the matrix
   * @throws RangeError when there is no such row
   */
  row(i: number): Float32Array {
    integerIn("row", i, 0, this.n - 1, "rows");
    return this.data.subarray(i * this.d, (i + 1) * this.d);
  }

  /**
   * @param indices - row numbers, each at most once
   * @returns features of these rows in this order; a copy
   * @throws RangeError when an index is not a row or occurs twice
   */
  subset(indices: ArrayLike<number>): Features {
    const chosen = Array.from(indices);
    const data = new Float32Array(chosen.length * this.d);
    chosen.forEach((index, i) => {
      data.set(this.row(index), i * this.d);
    });
    const ids = chosen.map((index) => this.ids[index]);
    const images = this.images?.subset(chosen);
    return new Features(data, this.d, ids, { images, provenance: this.provenance });
  }

  /**
   * Scales every row to unit Euclidean length: x / |x|. A row of zeros stays zero. Not part of the published method.
   *
   * @returns the scaled features; a copy
   */
  normalized(): Features {
    const { n, d, data, ids, images, provenance } = this;
    const scaled = new Float32Array(data.length);
    for (let i = 0; i < n; i++) {
      const start = i * d;
      let squares = 0;
      for (let j = start; j < start + d; j++) squares += data[j] * data[j];
      const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let j = start; j < start + d; j++) scaled[j] = data[j] * factor;
    }
    const steps = [...(provenance.steps ?? []), "L2-normalised"];
    return new Features(scaled, d, ids, { images, provenance: { ...provenance, steps } });
  }

  override toString(): string {
    const steps = (this.provenance.steps ?? []).map((step) => `, ${step}`).join("");
    return `Features: ${this.n} images x ${this.d} (${this.provenance.extractor}${steps})`;
  }
}

/**
 * Requires that distances between two sets of features mean something.
 *
 * @param first - features
 * @param second - features to be compared with or joined to them
 * @param firstName - what the first are, for the message
 * @param secondName - what the second are, for the message
 * @throws RangeError when d, extractor, weights, layer or the steps since extraction differ
 */
export function requireComparable(
  first: Pick<Features, "d" | "provenance">,
  second: Pick<Features, "d" | "provenance">,
  firstName: string,
  secondName: string,
): void {
  if (first.d !== second.d) {
    throw new RangeError(
      `${secondName} must have ${first.d} features an image like ${firstName}; got ${second.d}; extract both with the same extractor`,
    );
  }
  const [a, b] = [origin(first.provenance), origin(second.provenance)];
  for (const [i, [property, value]] of a.entries()) {
    if (value !== b[i][1]) {
      throw new RangeError(
        `${firstName} and ${secondName} must be made alike; ${property}: ${value} and ${b[i][1]}`,
      );
    }
  }
}

function origin(provenance: Provenance): [property: string, value: string][] {
  const { extractor, weightsHash, layer, preparation, steps } = provenance;
  return [
    ["extractor", extractor],
    ["weights", weightsHash ?? "not given"],
    ["layer", layer ?? "not given"],
    ["preparation", preparation ?? "not given"],
    ["steps since extraction", steps?.join(", ") || "none"],
  ];
}

function refuseRepeatedIds(ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new RangeError(`every image needs an id of its own; ${id} occurs twice`);
    seen.add(id);
  }
}

function refuseNonFinite(data: Float32Array, d: number, ids: readonly string[]): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new RangeError(
        `features must be finite numbers; feature ${i % d} of image ${ids[Math.floor(i / d)]} is ${data[i]}; leave the image out or check the extractor's weights`,
      );
    }
  }
}

function contentIds(data: Float32Array, n: number): string[] {
  let hash = 0x811c9dc5;
  for (const word of new Int32Array(data.buffer, data.byteOffset, data.length)) {
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  const name = (hash >>> 0).toString(16).padStart(8, "0");
  return Array.from({ length: n }, (_, i) => `${name}#${i}`);
}
