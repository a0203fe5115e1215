import type { MatrixBackend } from "../../engines/index.js";
import { CandidateLists } from "./candidates.js";
import { type CenteredBlock, Centering } from "./centered-rows.js";
import {
  type Comparison,
  compareAll,
  type QueryShare,
  queriesHeld,
  type Report,
  type Settle,
} from "./comparison.js";
import { directOf } from "./direct-pairs.js";
import { FloatScan } from "./float-scan.js";
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
    const { queries, m, n, d, k, middle, largest, stride, blockRows } = share;
    this.#share = share;
    this.#matrix = matrix;
    const centering = new Centering(middle, largest);
    const asked = centering.block(queries, [0, m], new Float32Array(m * d), stride);
    const scale = centering.scale ** 2;
    this.#centering = centering;
    this.#asked = asked;
    const held = queriesHeld(share, queryBlockRows);
    this.lists = new CandidateLists(held, k, floatCapacity(n, k), {
      direct: directOf(share, () => this.#block as RowBlock),
      key: (query, distance) => distance * scale - asked.squaredNorms[query] / asked.factors[query] ** 2,
      margin: (_, halfWidth) => halfWidth,
    });
    this.lists.hold(0, held);
    this.#scan = new FloatScan(share, this.lists, { queries: Math.min(m, queryBlockRows), rows: blockRows });
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

  async compare(block: RowBlock, report: Report, settle: Settle): Promise<void> {
    const { n, d } = this.#share;
    this.#block = block;
    this.lists.startBlock(block.firstRow);
    const rows = block.squaredNorms.length;
    const loaded = this.#matrix.loadRows(this.#own(block.values as Float32Array), rows, d);
    this.#scan.block = block;
    try {
      await compareAll(this.lists, this.#share, queryBlockRows, {
        compare: async (query, end) => {
          const part = partOf(this.#asked, query, end, d);
          this.#scan.take(await loaded.products(part.rows, end - query, this.#scan.products), part, query);
          await report((end - query) * rows);
        },
        settle: () => settle(block),
      });
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
