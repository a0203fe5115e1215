import type { ByteMatrix, LoadedByteRows } from "../../engines/index.js";
import { squaredDistance } from "../squared-distance.js";
import { type ByteRows, byteRows, byteSlack, directError } from "./byte-rows.js";
import { CandidateLists, firstLimit } from "./candidates.js";
import { PassProgress, type SearchJob } from "./job.js";

const trainBlockRows = 4096;
const queryBlockRows = 256;
const trialQueries = 64;
const worthwhile = 0.03;

/**
 * How many candidates the pruned pass holds for a query: its bounds are wider than those of the full pass.
 *
 * @param n - number of training rows
 * @param k - neighbors wanted
 * @returns room for four times k and 64 more, but no more than n
 */
export function byteCapacity(n: number, k: number): number {
  return Math.min(n, 4 * k + 64);
}

/**
 * Compares all queries with all training rows by 8-bit products, which cost a fraction of float32 products, and keeps as
 * candidates the rows that `ByteRows` does not rule out. Keys are distances.
 *
 * @param job - queries and training rows
 * @param bytes - what multiplies
 * @param trial - whether to try some queries on the first block and give up where too many rows would be left
 * @returns the candidates of each query, or undefined where the trial found the pass not worthwhile
 */
export async function bytePass(
  job: SearchJob,
  bytes: ByteMatrix,
  trial: boolean,
): Promise<CandidateLists | undefined> {
  const { train, queries, m, middle, k } = job;
  const { n, d } = train;
  const asked = byteRows(queries, m, middle, 127, new Uint8Array(m * d));
  const lists = new CandidateLists(m, k, byteCapacity(n, k), {
    direct: (query, row) => squaredDistance(queries, query * d, train.row(row), 0, d),
    key: (_, distance) => Math.sqrt(distance),
    margin: (key) => directError(d) * key,
  });
  const step = Math.max(1, Math.min(n, trainBlockRows, Math.floor(train.blockBytes / (8 * d))));
  const memory = new Int8Array(step * d);
  const progress = new PassProgress(job);
  const scan = new ByteScan(job, asked, lists, step);
  const turns = [0, 1].map(() => new Int32Array(Math.min(m, queryBlockRows) * step));
  for (let row = 0; row < n; row += step) {
    const rows = Math.min(n, row + step) - row;
    const block = byteRows(train.block(row, row + rows), rows, middle, bytes.most, memory);
    const loaded = await bytes.loadRows(memory, rows, d);
    let running: Promise<void> | undefined;
    const start = (query: number) => {
      const part = asked.values.subarray(query * d) as Uint8Array;
      return loaded.products(part, Math.min(queryBlockRows, m - query), turns[(query / queryBlockRows) & 1]);
    };
    try {
      if (trial && row === 0 && !(await isWorthwhile(job, loaded, scan, block))) return undefined;
      running = start(0);
      for (let query = 0; query < m; query += queryBlockRows) {
        await running;
        const next = query + queryBlockRows;
        running = next < m ? start(next) : undefined;
        scan.take(turns[(query / queryBlockRows) & 1], query, Math.min(next, m), block, row);
        await progress.done(row, Math.min(next, m), rows);
      }
    } finally {
      await running?.catch(() => {});
      loaded.dispose();
    }
  }
  return lists;
}

/** Whether few enough rows of the first block are left to queries from all over, were the others like them. */
async function isWorthwhile(
  job: SearchJob,
  loaded: LoadedByteRows,
  scan: ByteScan,
  block: ByteRows,
): Promise<boolean> {
  const { m, k, train } = job;
  const { d } = train;
  const chosen = Array.from({ length: Math.min(m, trialQueries) }, (_, i) =>
    Math.floor((i * m) / Math.min(m, trialQueries)),
  );
  const rows = new Uint8Array(chosen.length * d);
  chosen.forEach((query, i) => {
    rows.set(scan.asked.values.subarray(query * d, (query + 1) * d), i * d);
  });
  const n = block.steps.length;
  const products = new Int32Array(chosen.length * n);
  await loaded.products(rows, chosen.length, products);
  const left = chosen.reduce((sum, query, i) => sum + scan.left(products, i * n, query, block), 0);
  return left / chosen.length - k <= worthwhile * train.n;
}

class ByteScan {
  readonly asked: ByteRows;
  readonly #job: SearchJob;
  readonly #lists: CandidateLists;
  readonly #keys: Float64Array;

  constructor(job: SearchJob, asked: ByteRows, lists: CandidateLists, blockRows: number) {
    this.asked = asked;
    this.#job = job;
    this.#lists = lists;
    this.#keys = new Float64Array(blockRows);
  }

  /** Takes in the products of queries from first to end with a block of training rows, row-major. */
  take(products: Int32Array, first: number, end: number, block: ByteRows, firstRow: number): void {
    const { steps, squaredNorms: norms, radii } = block;
    const n = steps.length;
    const lists = this.#lists;
    const { limits } = lists;
    const { widest, longest } = block;
    const error = directError(this.#job.train.d);
    for (let query = first; query < end; query++) {
      const twice = 2 * this.asked.steps[query];
      const norm = this.asked.squaredNorms[query];
      const radius = this.asked.radii[query];
      const slack = byteSlack(this.#job.train.d, longest + Math.sqrt(norm));
      const start = (query - first) * n;
      const own = this.#job.self[query] - firstRow;
      if (lists.count(query) === 0 && limits[query] === Number.POSITIVE_INFINITY) {
        limits[query] = (this.#firstLimit(products, start, query, block) + widest + radius) * (1 + error);
      }
      let limit = limits[query];
      let reach = (limit * (1 + 2 * error) + widest + radius) ** 2 - norm + slack;
      for (let j = 0; j < n; ) {
        while (
          j + 4 <= n &&
          !(
            norms[j] - twice * steps[j] * products[start + j] <= reach ||
            norms[j + 1] - twice * steps[j + 1] * products[start + j + 1] <= reach ||
            norms[j + 2] - twice * steps[j + 2] * products[start + j + 2] <= reach ||
            norms[j + 3] - twice * steps[j + 3] * products[start + j + 3] <= reach
          )
        ) {
          j += 4;
        }
        for (const stop = Math.min(j + 4, n); j < stop; j++) {
          const square = norms[j] - twice * steps[j] * products[start + j] + norm;
          const moved = radius + radii[j];
          const low = (Math.sqrt(Math.max(0, square - slack)) - moved) * (1 - error);
          if (low > limit || j === own) continue;
          const high = (Math.sqrt(Math.max(0, square) + slack) + moved) * (1 + error);
          if (!lists.add(query, firstRow + j, low, high)) continue;
          limit = limits[query];
          reach = (limit * (1 + 2 * error) + widest + radius) ** 2 - norm + slack;
        }
      }
    }
  }

  /** How many rows of the block would be left to a query, were its k nearest among them known. */
  left(products: Int32Array, start: number, query: number, block: ByteRows): number {
    const limit = this.#firstLimit(products, start, query, block);
    const radius = this.asked.radii[query];
    let count = 0;
    for (let j = 0; j < block.steps.length; j++) {
      if (Math.sqrt(Math.max(0, this.#keys[j])) - radius - block.radii[j] <= limit) count++;
    }
    return count;
  }

  /** The key that k rows do not exceed, radii aside. */
  #firstLimit(products: Int32Array, start: number, query: number, block: ByteRows): number {
    const { steps, squaredNorms: norms } = block;
    const twice = 2 * this.asked.steps[query];
    const norm = this.asked.squaredNorms[query];
    const keys = this.#keys;
    for (let j = 0; j < norms.length; j++) {
      keys[j] = norms[j] - twice * steps[j] * products[start + j] + norm;
    }
    const square = firstLimit(keys, norms.length, this.#job.k);
    const slack = byteSlack(this.#job.train.d, block.longest + Math.sqrt(norm));
    return Math.sqrt(Math.max(0, square) + slack);
  }
}
