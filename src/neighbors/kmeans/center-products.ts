import type { MatrixBackend } from "../../engines/index.js";
import type { Features } from "../../extractors/features.js";
import { middleOf } from "../search/centered-rows.js";

const blockBytes = 64 * 1024 * 1024;
const productNumbers = 4 * 1024 * 1024;

/**
 * Keys |c|^2 - 2 x.c of the rows of a matrix and some centers, from float32 products, block by block. Centers are taken
 * relative to a point in the middle of the rows, so that little is lost to cancellation, and scaled so that nothing
 * overflows. A key and the row's `squaredNorms` make the squared distance, up to rounding.
 */
export class CenterProducts {
  readonly #train: Features;
  readonly #matrix: MatrixBackend;
  readonly #middle: Float64Array;
  readonly #largest: number;
  /** Float64Array: squared distance of each row from the middle. */
  readonly squaredNorms: Float64Array;

  /**
   * @param train - the rows
   * @param matrix - what multiplies
   */
  constructor(train: Features, matrix: MatrixBackend) {
    const { n, d, data } = train;
    this.#train = train;
    this.#matrix = matrix;
    const middle = middleOf(train);
    this.#middle = middle;
    let largest = 0;
    this.squaredNorms = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0, at = i * d; j < d; j++, at++) {
        const value = data[at];
        if (value > largest) largest = value;
        else if (-value > largest) largest = -value;
        sum += (value - middle[j]) * (value - middle[j]);
      }
      this.squaredNorms[i] = sum;
    }
    this.#largest = largest;
  }

  /**
   * Hands out the keys of all rows, some rows at a time.
   *
   * @param centers - Float64Array, count x d row-major
   * @param count - number of centers
   * @param take - receives the keys (a Float64Array to be read at once, rows x count row-major), the first row and how
   * many rows there are
   */
  async eachBlock(
    centers: Float64Array,
    count: number,
    take: (keys: Float64Array, first: number, rows: number) => Promise<void>,
  ): Promise<void> {
    const { n, d, data } = this.#train;
    const { moved, added, factor } = this.#aroundMiddle(centers, count);
    const loaded = this.#matrix.loadRows(moved, count, d);
    try {
      const most = Math.min(Math.floor(blockBytes / (4 * d)), Math.floor(productNumbers / count));
      const step = Math.max(1, Math.min(n, most));
      const keys = new Float64Array(step * count);
      const twice = 2 / factor;
      for (let first = 0; first < n; first += step) {
        const rows = Math.min(step, n - first);
        const products = await loaded.products(data.subarray(first * d, (first + rows) * d), rows);
        for (let i = 0, at = 0; i < rows; i++) {
          for (let c = 0; c < count; c++, at++) keys[at] = added[c] - twice * products[at];
        }
        await take(keys, first, rows);
      }
    } finally {
      loaded.dispose();
    }
  }

  #aroundMiddle(centers: Float64Array, count: number) {
    const { d } = this.#train;
    const middle = this.#middle;
    const added = new Float64Array(count);
    let widest = 0;
    for (let c = 0, at = 0; c < count; c++) {
      for (let j = 0; j < d; j++, at++) {
        const move = centers[at] - middle[j];
        added[c] += move * move + 2 * move * middle[j];
        widest = Math.max(widest, Math.abs(move));
      }
    }
    const exponent = (x: number) => (x > 0 ? Math.ceil(Math.log2(x)) : 0);
    const room = 60 - exponent(this.#largest) - exponent(widest) - exponent(d);
    const factor = 2 ** Math.min(room, 60 - exponent(widest));
    const moved = new Float32Array(count * d);
    for (let at = 0; at < moved.length; at++) moved[at] = (centers[at] - middle[at % d]) * factor;
    return { moved, added, factor };
  }
}
