import type { MatrixBackend } from "../../engines/index.js";
import { squaredDistance } from "../squared-distance.js";
import { CandidateLists, firstLimit } from "./candidates.js";
import { type CenteredBlock, Centering } from "./centered-rows.js";
import type { Comparison, QueryShare, Report } from "./comparison.js";
import { KeyError } from "./key-error.js";
import type { RowBlock } from "./row-block.js";

const queryBlockRows = 512;

/**
 * How many candidates the comparison by float32 products holds for a query.
 *
 * @param n - number of training rows
 * @param k - neighbors wanted
 * @returns room for three times k and 64 more, but no more than n
 */
export function floatCapacity(n: number, k: number): number {
  return Math.min(n, 3 * k + 64);
}

/**
 * Compares queries with training rows by float32 products of centred rows: keys |x|^2 - 2 x.y, whose error `KeyError`
 * bounds.
 */
export class FloatComparison implements Comparison {
  readonly lists: CandidateLists;
  readonly #share: QueryShare;
  readonly #matrix: MatrixBackend;
  readonly #centering: Centering;
  readonly #asked: CenteredBlock;
  readonly #scan: FloatScan;
  #block: RowBlock | undefined;
  #memory = new Float32Array(0);

  /**
   * @param share - the queries
   * @param matrix - what multiplies
   */
  constructor(share: QueryShare, matrix: MatrixBackend) {
    const { queries, m, n, d, k, middle, largest, stride } = share;
    this.#share = share;
    this.#matrix = matrix;
    const centering = new Centering(middle, largest);
    const asked = centering.block(queries, [0, m], new Float32Array(m * d), stride);
    const scale = centering.scale ** 2;
    this.#centering = centering;
    this.#asked = asked;
    this.lists = new CandidateLists(m, k, floatCapacity(n, k), {
      direct: (query, row) => {
        const { raw, firstRow } = this.#block as RowBlock;
        return squaredDistance(queries, query * stride, raw, (row - firstRow) * stride, d);
      },
      key: (query, distance) => distance * scale - asked.squaredNorms[query] / asked.factors[query] ** 2,
      margin: (_, halfWidth) => halfWidth,
    });
    this.#scan = new FloatScan(share, this.lists);
  }

  prepare(block: RowBlock, from: number, to: number): void {
    const { d, stride } = this.#share;
    const target = (block.values as Float32Array).subarray(from * d, to * d);
    const { squaredNorms } = this.#centering.block(block.raw, [from, to], target, stride);
    block.squaredNorms.set(squaredNorms, from);
  }

  async trial(): Promise<number> {
    return 0;
  }

  async compare(block: RowBlock, report: Report): Promise<void> {
    const { m, n, d } = this.#share;
    this.#block = block;
    this.lists.startBlock(block.firstRow);
    const rows = block.squaredNorms.length;
    const loaded = this.#matrix.loadRows(this.#own(block.values as Float32Array), rows, d);
    try {
      for (let query = 0; query < m; query += queryBlockRows) {
        const part = partOf(this.#asked, query, Math.min(m, query + queryBlockRows), d);
        const count = part.factors.length;
        this.#scan.take(await loaded.products(part.rows, count), part, query, block);
        await report(count * rows);
      }
    } finally {
      loaded.dispose();
    }
    if (block.firstRow + rows < n) this.lists.endBlock();
  }

  dispose(): void {}

  /** The same numbers in memory that engines take: not all take that which threads share. */
  #own(values: Float32Array): Float32Array {
    if (this.#memory.length < values.length) this.#memory = new Float32Array(values.length);
    this.#memory.set(values);
    return this.#memory.subarray(0, values.length);
  }
}

function partOf(block: CenteredBlock, from: number, to: number, d: number): CenteredBlock {
  return {
    rows: block.rows.subarray(from * d, to * d),
    squaredNorms: block.squaredNorms.subarray(from, to),
    factors: block.factors.subarray(from, to),
  };
}

class FloatScan {
  readonly #share: QueryShare;
  readonly #lists: CandidateLists;
  readonly #error: KeyError;
  readonly #least: Float64Array;

  constructor(share: QueryShare, lists: CandidateLists) {
    this.#share = share;
    this.#lists = lists;
    this.#error = new KeyError(share.d);
    this.#least = new Float64Array(share.blockRows);
  }

  /** Takes in the inner products of some queries with a block of training rows, row-major. */
  take(
    products: Float32Array,
    queries: CenteredBlock,
    firstQuery: number,
    { squaredNorms: norms, firstRow }: RowBlock,
  ): void {
    const n = norms.length;
    const lengths = norms.map(Math.sqrt);
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    const [lists, error] = [this.#lists, this.#error];
    const { limits } = lists;
    for (let r = 0; r < queries.squaredNorms.length; r++) {
      const query = firstQuery + r;
      const factor = queries.factors[r];
      const length = Math.sqrt(queries.squaredNorms[r]) / factor;
      const slack = error.bound(longest, length, factor);
      const twice = 2 / factor;
      const start = r * n;
      const own = this.#share.self[query] - firstRow;
      if (lists.count(query) === 0) limits[query] = this.#firstLimit(products, start, norms, twice) + slack;
      let limit = limits[query];
      let reach = limit + slack;
      for (let j = 0; j < n; ) {
        while (
          j + 4 <= n &&
          !(
            norms[j] - twice * products[start + j] <= reach ||
            norms[j + 1] - twice * products[start + j + 1] <= reach ||
            norms[j + 2] - twice * products[start + j + 2] <= reach ||
            norms[j + 3] - twice * products[start + j + 3] <= reach
          )
        ) {
          j += 4;
        }
        for (const stop = Math.min(j + 4, n); j < stop; j++) {
          const key = norms[j] - twice * products[start + j];
          if (key > reach || j === own) continue;
          const bound = error.bound(lengths[j], length, factor);
          if (key - bound > limit) continue;
          if (!lists.add(query, firstRow + j, key - bound, key + bound)) continue;
          limit = limits[query];
          reach = limit + slack;
        }
      }
    }
  }

  #firstLimit(products: Float32Array, start: number, norms: Float64Array, twice: number): number {
    return firstLimit(norms.length, this.#share.k, (groups, size) => {
      const least = this.#least.fill(Number.POSITIVE_INFINITY, 0, groups);
      for (let j = 0, at = start, group = 0; group < groups; group++) {
        for (const end = j + size; j < end; j++, at++) {
          const key = norms[j] - twice * products[at];
          if (key < least[group]) least[group] = key;
        }
      }
      return least;
    });
  }
}
