import type { ProgressMeter } from "../../core/progress.js";
import { loadEngine, loadMatrixBackend, type MatrixBackend } from "../../engines/index.js";
import type { QueryShare } from "./comparison.js";
import { type Crew, crewOfOne } from "./crew.js";
import type { RowBlock } from "./row-block.js";
import { SearchMemory } from "./search-memory.js";
import { type Found, ShareSearch, type WantedRows } from "./share.js";
import { crewOfThreads, searchThreads } from "./share-threads.js";
import type { TrainRows } from "./train-rows.js";

/** Names of the ways to find neighbors. */
export const searchMethods = ["auto", "full", "pruned"] as const;

/** How neighbors are found: "auto", "full" or "pruned". */
export type SearchMethod = (typeof searchMethods)[number];

const worthPruning = 2e9;
const worthThreads = 2e9;
const threadBlockBytes = 32 * 1024 * 1024;
const mostByteDimensions = 65_536;
const byteBlockRows = 10_240;
const floatBlockRows = 4096;
const trialQueries = 64;
const leastShare = 64;
const worthwhile = 0.03;

type Kind = "bytes" | "floats";

/** Queries that are searched for together. */
export type Batch = Pick<QueryShare, "queries" | "m" | "k" | "self" | "middle">;

/** The neighbors of a share of a batch, the first of which is the query `first`. */
export interface PartFound extends Found {
  readonly first: number;
}

/** Searches for batches of queries, with threads where that is worth while. */
export class BatchSearch {
  readonly #train: TrainRows;
  readonly #matrix: MatrixBackend | undefined;
  readonly #largest: () => number;
  readonly #meter: ProgressMeter;
  readonly #crews = new Map<string, Crew>();
  #held: { readonly key: string; readonly queries: number; readonly memory: SearchMemory } | undefined;
  /** All rows, prepared, where they are one block. */
  readonly #whole = new Map<Kind, RowBlock>();
  #pairs = 0;
  #counted = 0;

  /**
   * @param train - the training rows
   * @param tools - what multiplies, default chosen by size; finds the magnitude of the largest number in the training
   * rows; counts queries
   */
  constructor(
    train: TrainRows,
    tools: {
      readonly matrix: MatrixBackend | undefined;
      readonly largest: () => number;
      readonly meter: ProgressMeter;
    },
  ) {
    this.#train = train;
    this.#matrix = tools.matrix;
    this.#largest = tools.largest;
    this.#meter = tools.meter;
  }

  /**
   * @param batch - the queries
   * @param method - how to compare
   * @param total - number of queries of the whole search
   * @returns the neighbors, part by part
   */
  async run(batch: Batch, method: SearchMethod, total: number): Promise<PartFound[]> {
    const { n, d } = this.#train;
    const size = n * total * d;
    if (method !== "full" && d <= mostByteDimensions && (method === "pruned" || size >= worthPruning)) {
      const crew = await this.#crew("bytes", total, method === "pruned");
      const found = crew && (await this.#search(crew, batch, "bytes", method === "auto"));
      if (found) return found;
    }
    const crew = (await this.#crew("floats", total, true)) as Crew;
    return (await this.#search(crew, batch, "floats", false)) as PartFound[];
  }

  /** Gives threads back. */
  async close(): Promise<void> {
    for (const crew of new Set(this.#crews.values())) await crew.close();
    this.#crews.clear();
    this.#release();
  }

  /** Those who search: undefined where 8-bit products are not to be had and not demanded. */
  async #crew(kind: Kind, total: number, demanded: boolean): Promise<Crew | undefined> {
    const kept = this.#crews.get(kind);
    if (kept) return kept;
    const report = (pairs: number) => this.#compared(pairs);
    const size = this.#train.n * this.#train.d * total;
    const threads = Math.min(searchThreads(), Math.floor(total / leastShare));
    const apart =
      !this.#matrix && threads > 1 && size >= worthThreads && this.#train.blockBytes >= threadBlockBytes;
    const engine = apart ? await loadEngine("onnxruntime-node").catch(() => undefined) : undefined;
    const exact = engine && (kind === "floats" || (await engine.matrix.bytes?.()));
    let crew: Crew;
    if (engine && exact) {
      crew = [...this.#crews.values()].find((one) => one.size === threads) ?? crewOfThreads(threads, report);
    } else {
      const matrix = this.#matrix ?? (await loadMatrixBackend(size));
      if (kind === "bytes" && !demanded && !(await matrix.bytes?.())) return undefined;
      crew = crewOfOne(new ShareSearch(report, matrix));
    }
    this.#crews.set(kind, crew);
    return crew;
  }

  async #search(crew: Crew, batch: Batch, kind: Kind, trial: boolean): Promise<PartFound[] | undefined> {
    const train = this.#train;
    const { n, d } = train;
    const { m, k, self, middle } = batch;
    const most = kind === "bytes" ? byteBlockRows : floatBlockRows;
    const blocks = Math.ceil(n / Math.max(1, Math.min(most, Math.floor(train.blockBytes / (8 * d)))));
    const blockRows = Math.ceil(n / blocks);
    const memory = this.#memory(kind, blockRows, m, crew.size);
    const bounds = Array.from({ length: crew.size + 1 }, (_, i) => Math.floor((m * i) / crew.size));
    const largest = kind === "floats" ? this.#largest() : 0;
    const before = this.#pairs;
    const { stride } = memory;
    const queries = memory.setQueries(batch.queries);
    await crew.each("begin", (i) => {
      const [from, to] = [bounds[i], bounds[i + 1]];
      const share: QueryShare = {
        ...{ m: to - from, n, d, k, middle, largest, blockRows, stride },
        queries: queries.subarray(from * stride, to * stride),
        self: self.slice(from, to),
        memory: memory.memory,
        scratch: memory.scratch(i),
      };
      return [share, kind];
    });
    let block = this.#whole.get(kind);
    for (let row = 0; row < n; row += blockRows) {
      const at = block ?? (await this.#prepared(crew, memory, row, Math.min(n, row + blockRows)));
      if (blocks === 1) {
        block = at;
        this.#whole.set(kind, at);
      }
      if (trial && row === 0) {
        const tried = Math.ceil(Math.min(m, trialQueries) / crew.size);
        const left = await crew.each("trial", () => [at, tried]);
        const mean = left.reduce((a, b) => a + b, 0) / (tried * crew.size);
        if (mean - k > worthwhile * n) return undefined;
      }
      await crew.each("compare", () => [at]);
    }
    for (let time = 0; time < 2; time++) {
      const wanted = await crew.each("wanted", () => []);
      for (const some of this.#handed(wanted, block, memory, blockRows)) {
        await crew.each("measure", () => [some]);
      }
    }
    const found = await crew.each("finish", () => []);
    await this.#compared(before + m * n - this.#pairs);
    return found.map((part, i) => ({ ...part, first: bounds[i] }));
  }

  async #prepared(crew: Crew, memory: SearchMemory, row: number, end: number): Promise<RowBlock> {
    const block = memory.block(row, this.#train.block(row, end));
    const part = (i: number) => Math.floor(((end - row) * i) / crew.size);
    await crew.each("prepare", (i) => [block, part(i), part(i + 1)]);
    return block;
  }

  /** The wanted rows, in portions that fit into memory. */
  *#handed(
    wanted: readonly Int32Array[],
    whole: RowBlock | undefined,
    memory: SearchMemory,
    most: number,
  ): Generator<WantedRows> {
    const { n } = this.#train;
    const isWanted = new Uint8Array(n);
    for (const rows of wanted) for (const row of rows) isWanted[row] = 1;
    const all = Int32Array.from(isWanted.keys()).filter((row) => isWanted[row] === 1);
    if (whole) {
      if (all.length > 0) yield { rows: Int32Array.from(isWanted.keys()), data: whole.raw };
      return;
    }
    for (let from = 0; from < all.length; from += most) {
      const rows = all.slice(from, from + most);
      yield { rows, data: memory.gather(rows, (row) => this.#train.row(row)) };
    }
  }

  /** The memory of the last search, where that holds as much. */
  #memory(kind: Kind, rows: number, queries: number, members: number): SearchMemory {
    const key = `${kind} ${rows}`;
    if (this.#held?.key === key && this.#held.queries >= queries) return this.#held.memory;
    this.#release();
    const bytes = kind === "bytes";
    const memory = new SearchMemory({ rows, queries, d: this.#train.d, bytes, members });
    this.#held = { key, queries, memory };
    return memory;
  }

  #release(): void {
    this.#held?.memory.free();
    this.#held = undefined;
    this.#whole.clear();
  }

  async #compared(pairs: number): Promise<void> {
    this.#pairs += pairs;
    const compared = Math.floor(this.#pairs / this.#train.n);
    await this.#meter.add(compared - this.#counted);
    this.#counted = Math.max(this.#counted, compared);
  }
}
