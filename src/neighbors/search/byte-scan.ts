import { type ByteRows, byteSlack, directError } from "./byte-rows.js";
import { type CandidateLists, firstLimit } from "./candidates.js";
import type { QueryShare } from "./comparison.js";
import { type ScanKernel, scanKernel } from "./wasm/scan.js";

const roundoff32 = 2 ** -24;
const mostRatio = 1e12;

/**
 * Goes through the products of queries with a block of training rows and keeps the rows that may be near enough.
 *
 * Rows are found by float32 keys in units of the block's longest row, whose rounding, below
 * 8 * 2^-24 (|x'| + |y'|)^2, is added to the limit; those found are judged again in float64. A query more than 10^12
 * times as long as all rows, whose keys might overflow, has all of them judged.
 */
export class ByteScan {
  /** The queries. */
  readonly asked: ByteRows;
  readonly #share: QueryShare;
  readonly #lists: CandidateLists;
  readonly #kernel: ScanKernel;
  readonly #error: number;
  #block: ByteRows | undefined;
  #unit = 1;
  /** Rows in each of the groups whose least keys were found for the query at hand; 0 where they were not. */
  #groupRows = 0;

  /**
   * @param share - the queries
   * @param asked - the queries as integers
   * @param lists - receives the candidates
   * @param most - queries and rows at a time
   */
  constructor(
    share: QueryShare,
    asked: ByteRows,
    lists: CandidateLists,
    most: { readonly queries: number; readonly rows: number },
  ) {
    this.#share = share;
    this.asked = asked;
    this.#lists = lists;
    this.#kernel = scanKernel(most.queries, most.rows);
    this.#error = directError(share.d);
  }

  /** Int32Array: where products belong, queries x rows of the block, row-major. */
  get products(): Int32Array {
    return this.#kernel.products;
  }

  /** Sets the block of training rows. */
  set block(block: ByteRows) {
    this.#block = block;
    this.#unit = block.longest > 0 ? block.longest : 1;
    const { norms, steps } = this.#kernel;
    norms.fill(Number.POSITIVE_INFINITY);
    steps.fill(0);
    for (let j = 0; j < block.steps.length; j++) {
      norms[j] = block.squaredNorms[j] / this.#unit / this.#unit;
      steps[j] = block.steps[j] / this.#unit;
    }
  }

  /**
   * Takes in the products of queries from first to end.
   *
   * @param first - first query, whose products come first
   * @param end - query after the last
   * @param firstRow - index of the block's first training row
   */
  take(first: number, end: number, firstRow: number): void {
    const { steps, squaredNorms: norms, radii } = this.#block as ByteRows;
    const lists = this.#lists;
    const { limits, first: held } = lists;
    const { products, hits } = this.#kernel;
    for (let query = first; query < end; query++) {
      const twice = 2 * this.asked.steps[query];
      const norm = this.asked.squaredNorms[query];
      const radius = this.asked.radii[query];
      const slack = this.#slack(query);
      const start = (query - first) * steps.length;
      const own = this.#share.self[query] - firstRow;
      this.#groupRows = 0;
      const place = query - held;
      if (limits[place] === Number.POSITIVE_INFINITY) limits[place] = this.#firstLimit(query - first, query);
      const found = this.#find(start, query, limits[place]);
      for (let i = 0; i < found; i++) {
        const j = hits[i];
        if (j === own || j >= steps.length) continue;
        const square = norms[j] - twice * steps[j] * products[start + j] + norm;
        const moved = radius + radii[j];
        const low = (Math.sqrt(Math.max(0, square - slack)) - moved) * (1 - this.#error);
        if (low > limits[place]) continue;
        const high = (Math.sqrt(Math.max(0, square) + slack) + moved) * (1 + this.#error);
        lists.add(place, firstRow + j, low, high);
      }
    }
  }

  /**
   * How many rows of the block would be left to a query, were its k nearest among them known.
   *
   * @param place - which of the products are the query's
   * @param query - the query
   * @returns the number of rows
   */
  left(place: number, query: number): number {
    const { steps, squaredNorms: norms, radii, widest } = this.#block as ByteRows;
    const limit = this.#firstLimit(place, query) - widest - this.asked.radii[query];
    const twice = 2 * this.asked.steps[query];
    let count = 0;
    for (let j = 0, at = place * steps.length; j < steps.length; j++, at++) {
      const square = norms[j] - twice * steps[j] * this.products[at] + this.asked.squaredNorms[query];
      if (Math.sqrt(Math.max(0, square)) - this.asked.radii[query] - radii[j] <= limit) count++;
    }
    return count;
  }

  #slack(query: number): number {
    return byteSlack(
      this.#share.d,
      (this.#block as ByteRows).longest + Math.sqrt(this.asked.squaredNorms[query]),
    );
  }

  /** Rounding of the float32 keys, in the block's unit. */
  #rounding(query: number): number {
    return 8 * roundoff32 * (1 + Math.sqrt(this.asked.squaredNorms[query]) / this.#unit) ** 2;
  }

  #isFar(query: number): boolean {
    return !(Math.sqrt(this.asked.squaredNorms[query]) < mostRatio * this.#unit);
  }

  #find(start: number, query: number, limit: number): number {
    const { steps, widest } = this.#block as ByteRows;
    const { hits } = this.#kernel;
    if (this.#isFar(query)) {
      for (let j = 0; j < steps.length; j++) hits[j] = j;
      return steps.length;
    }
    const distance = limit * (1 + 2 * this.#error) + widest + this.asked.radii[query];
    const reach = distance ** 2 - this.asked.squaredNorms[query] + this.#slack(query);
    const inUnits = reach / this.#unit / this.#unit + this.#rounding(query);
    return this.#kernel.find(
      start,
      steps.length,
      (2 * this.asked.steps[query]) / this.#unit,
      inUnits + 4 * roundoff32 * Math.abs(inUnits),
      this.#groupRows,
    );
  }

  /** A key that the k nearest rows of the block certainly do not exceed. */
  #firstLimit(place: number, query: number): number {
    const { steps, widest } = this.#block as ByteRows;
    const kernel = this.#kernel;
    if (this.#isFar(query)) return Number.POSITIVE_INFINITY;
    const twice = (2 * this.asked.steps[query]) / this.#unit;
    const least = firstLimit(steps.length, this.#share.k, (groups, size) => {
      this.#groupRows = size;
      kernel.findLeast(place * steps.length, groups / 4, size, twice);
      return kernel.least;
    });
    const square = (least + this.#rounding(query)) * this.#unit ** 2 + this.asked.squaredNorms[query];
    const distance = Math.sqrt(Math.max(0, square) + this.#slack(query));
    return (distance + widest + this.asked.radii[query]) * (1 + this.#error);
  }
}
