import type { ByteMatrix, LoadedByteRows } from "../../engines/index.js";
import { squaredDistance } from "../squared-distance.js";
import { byteRows, directError } from "./byte-rows.js";
import { ByteScan } from "./byte-scan.js";
import { CandidateLists } from "./candidates.js";
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
 * @returns room for eight times k and 64 more, but no more than n
 */
export function byteCapacity(n: number, k: number): number {
  return Math.min(n, 8 * k + 64);
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
  const scan = new ByteScan(job, asked, lists, { queries: Math.min(m, queryBlockRows), rows: step });
  for (let row = 0; row < n; row += step) {
    const rows = Math.min(n, row + step) - row;
    scan.block = byteRows(train.block(row, row + rows), rows, middle, bytes.most, memory);
    const loaded = await bytes.loadRows(memory, rows, d);
    try {
      if (trial && row === 0 && !(await isWorthwhile(job, loaded, scan))) return undefined;
      for (let query = 0; query < m; query += queryBlockRows) {
        const end = Math.min(m, query + queryBlockRows);
        await loaded.products(asked.values.subarray(query * d) as Uint8Array, end - query, scan.products);
        scan.take(query, end, row);
        await progress.done(row, end, rows);
      }
    } finally {
      loaded.dispose();
    }
  }
  return lists;
}

/** Whether few enough rows of the first block are left to queries from all over, were the others like them. */
async function isWorthwhile(job: SearchJob, loaded: LoadedByteRows, scan: ByteScan): Promise<boolean> {
  const { m, k, train } = job;
  const { d } = train;
  const count = Math.min(m, trialQueries);
  const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * m) / count));
  const rows = new Uint8Array(count * d);
  chosen.forEach((query, i) => {
    rows.set(scan.asked.values.subarray(query * d, (query + 1) * d), i * d);
  });
  await loaded.products(rows, count, scan.products);
  const left = chosen.reduce((sum, query, i) => sum + scan.left(i, query), 0);
  return left / count - k <= worthwhile * train.n;
}
