import { squaredDistance } from "../squared-distance.js";
import { CandidateLists, firstLimit } from "./candidates.js";
import { type CenteredBlock, Centering } from "./centered-rows.js";
import { PassProgress, type SearchJob } from "./job.js";
import { KeyError } from "./key-error.js";

const trainBlockRows = 4096;
const queryBlockRows = 512;

/**
 * How many candidates the full pass holds for a query.
 *
 * @param n - number of training rows
 * @param k - neighbors wanted
 * @returns room for k and as many again, at least 32 more, but no more than n
 */
export function floatCapacity(n: number, k: number): number {
  return Math.min(n, k + Math.max(k, 32));
}

/**
 * Compares all queries with all training rows by float32 products of centred rows: keys |x|^2 - 2 x.y, whose error
 * `KeyError` bounds.
 *
 * @param job - queries and training rows
 * @param largest - magnitude of the largest number in the training rows
 * @returns the candidates of each query
 */
export async function floatPass(job: SearchJob, largest: number): Promise<CandidateLists> {
  const { train, queries, m, matrix, middle } = job;
  const { n, d } = train;
  const centering = new Centering(middle, largest);
  const asked = centering.block(queries, 0, m, new Float32Array(m * d));
  const scale = centering.scale ** 2;
  const lists = new CandidateLists(m, job.k, floatCapacity(n, job.k), {
    direct: (query, row) => squaredDistance(queries, query * d, train.row(row), 0, d),
    key: (query, distance) => distance * scale - asked.squaredNorms[query] / asked.factors[query] ** 2,
    margin: (_, halfWidth) => halfWidth,
  });
  const step = Math.max(1, Math.min(n, trainBlockRows, Math.floor(train.blockBytes / (8 * d))));
  const memory = new Float32Array(step * d);
  const progress = new PassProgress(job);
  const scan = new FloatScan(job, lists);
  for (let row = 0; row < n; row += step) {
    const rows = Math.min(n, row + step) - row;
    const block = centering.block(train.block(row, row + rows), 0, rows, memory);
    const loaded = matrix.loadRows(block.rows, rows, d);
    try {
      for (let query = 0; query < m; query += queryBlockRows) {
        const part = partOf(asked, query, Math.min(m, query + queryBlockRows), d);
        const count = part.factors.length;
        scan.take(await loaded.products(part.rows, count), part, query, block, row);
        await progress.done(row, query + count, rows);
      }
    } finally {
      loaded.dispose();
    }
  }
  return lists;
}

function partOf(block: CenteredBlock, from: number, to: number, d: number): CenteredBlock {
  return {
    rows: block.rows.subarray(from * d, to * d),
    squaredNorms: block.squaredNorms.subarray(from, to),
    factors: block.factors.subarray(from, to),
  };
}

class FloatScan {
  readonly #job: SearchJob;
  readonly #lists: CandidateLists;
  readonly #error: KeyError;
  readonly #keys: Float64Array;

  constructor(job: SearchJob, lists: CandidateLists) {
    this.#job = job;
    this.#lists = lists;
    this.#error = new KeyError(job.train.d);
    this.#keys = new Float64Array(Math.min(job.train.n, trainBlockRows));
  }

  /** Takes in the inner products of some queries with a block of training rows, row-major. */
  take(
    products: Float32Array,
    queries: CenteredBlock,
    firstQuery: number,
    train: CenteredBlock,
    firstRow: number,
  ): void {
    const norms = train.squaredNorms;
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
      const own = this.#job.self[query] - firstRow;
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
    const keys = this.#keys;
    for (let j = 0; j < norms.length; j++) keys[j] = norms[j] - twice * products[start + j];
    return firstLimit(keys, norms.length, this.#job.k);
  }
}
