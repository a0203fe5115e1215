import type { ProgressMeter } from "../../core/progress.js";
import { loadEngine, loadMatrixBackend, type MatrixBackend } from "../../engines/index.js";
import type { ComparisonKind, QueryShare } from "./comparison.js";
import { type Crew, crewOfOne } from "./crew.js";
import type { RowBlock } from "./row-block.js";
import { SearchMemory } from "./search-memory.js";
import { type Found, ShareSearch } from "./share.js";
import { crewOfThreads, searchThreads } from "./share-threads.js";
import type { TrainRows } from "./train-rows.js";

/** How neighbors are found: "auto", "full" or "pruned". */
export type SearchMethod = "auto" | "full" | "pruned";

/** Names of the ways to find neighbors. */
export const searchMethods: readonly SearchMethod[] = ["auto", "full", "pruned"];

const worthPruning = 2e9;
const worthThreads = 2e9;
const threadBlockBytes = 32 * 1024 * 1024;
const mostByteDimensions = 65_536;
const mostBlockRows = { bytes: 10_240, floats: 4096 };
const leastShare = 64;
const trialQueries = 64;
const worthwhile = 0.05;

/** Queries that are searched for together, and a point in the middle of the training rows. */
export type Batch = Pick<QueryShare, "queries" | "m" | "middle">;

/** What is wanted of one set of training rows: neighbors, and which rows are passed over. */
export type Wish = Pick<QueryShare, "k" | "self">;

/** The neighbors of a share of a batch, the first of which is the query `first`. */
export interface PartFound extends Found {
  readonly first: number;
}

/** What a search of batches needs. */
export interface BatchTools {
  /** What multiplies, default chosen by size. */
  readonly matrix?: MatrixBackend;
  /** Finds the magnitude of the largest number in the training rows. */
  largest(): number;
  /** Counts queries. */
  readonly meter: ProgressMeter;
}

/** Searches for batches of queries, in threads where that is worth while. */
export class BatchSearch {
  readonly #trains: readonly TrainRows[];
  readonly #total: number;
  readonly #tools: BatchTools;
  readonly #crews = new Map<ComparisonKind, Crew>();
  #held:
    | { readonly kind: ComparisonKind; readonly queries: number; readonly memory: SearchMemory }
    | undefined;
  /** All rows, prepared, where they are one block. */
  #whole: { readonly train: TrainRows; readonly block: RowBlock } | undefined;
  /** The batch that the memory holds, ready to be compared. */
  #ready: Batch | undefined;
  #pairs = 0;
  #counted = 0;

  /**
   * @param trains - sets of training rows, all to be searched for the same queries
   * @param total - number of queries of all batches
   * @param tools - what is needed
   */
  constructor(trains: readonly TrainRows[], total: number, tools: BatchTools) {
    this.#trains = trains;
    this.#total = total;
    this.#tools = tools;
  }

  /**
   * @param batch - the queries; the same object for each set of training rows
   * @param target - which set of training rows
   * @param wish - what is wanted of them
   * @param method - how to compare
   * @returns the neighbors, part by part
   */
  async run(batch: Batch, target: number, wish: Wish, method: SearchMethod): Promise<PartFound[]> {
    const train = this.#trains[target];
    const worth = method === "pruned" || this.#multiplications() >= worthPruning;
    if (method !== "full" && train.d <= mostByteDimensions && worth) {
      const crew = await this.#crew("bytes", method === "pruned");
      if (crew) {
        const round = await this.#begin({ crew, train, wish }, batch, "bytes");
        if (await this.#compare(round, batch.m, method === "auto")) return finish(round, batch.m);
      }
    }
    const crew = (await this.#crew("floats", true)) as Crew;
    const round = await this.#begin({ crew, train, wish }, batch, "floats");
    await this.#compare(round, batch.m, false);
    return finish(round, batch.m);
  }

  /** Gives threads and memory back. */
  async close(): Promise<void> {
    for (const crew of new Set(this.#crews.values())) await crew.close();
    this.#crews.clear();
    this.#release();
  }

  /** Those who search: undefined where 8-bit products are not to be had and not demanded. */
  async #crew(kind: ComparisonKind, demanded: boolean): Promise<Crew | undefined> {
    const kept = this.#crews.get(kind);
    if (kept) return kept;
    const report = (pairs: number) => this.#compared(pairs);
    const size = this.#multiplications();
    const threads = Math.min(searchThreads(), Math.floor(this.#total / leastShare));
    const worth =
      size >= worthThreads && this.#trains.every(({ blockBytes }) => blockBytes >= threadBlockBytes);
    const apart = !this.#tools.matrix && threads > 1 && worth;
    const engine = apart ? await loadEngine("onnxruntime-node").catch(() => undefined) : undefined;
    const isAble = engine && (kind === "floats" || (await engine.matrix.bytes?.()));
    let crew: Crew;
    if (isAble) {
      crew = [...this.#crews.values()].find((one) => one.size === threads) ?? crewOfThreads(threads, report);
    } else {
      const matrix = this.#tools.matrix ?? (await loadMatrixBackend(size));
      if (kind === "bytes" && !demanded && !(await matrix.bytes?.())) return undefined;
      crew = crewOfOne(new ShareSearch(report, matrix));
    }
    this.#crews.set(kind, crew);
    return crew;
  }

  /** Hands the queries out, and copies the first block of training rows meanwhile. */
  async #begin(
    { crew, train, wish }: Pick<Round, "crew" | "train" | "wish">,
    batch: Batch,
    kind: ComparisonKind,
  ): Promise<Round> {
    const { m, middle } = batch;
    const { n, d } = train;
    const memory = this.#memory(kind, m, crew.size);
    const step = blockRows(kind, train);
    const again = this.#ready === batch;
    const largest = kind === "floats" ? this.#tools.largest() : 0;
    const { stride } = memory;
    const begun = crew.each("begin", (i) => {
      const [from, to] = [crew.start(i, m), crew.start(i + 1, m)];
      if (!again) memory.setQueries(batch.queries.subarray(from * d, to * d), from);
      const share: QueryShare = {
        ...{ m: to - from, d, k: wish.k, middle, largest, blockRows: step, stride },
        queries: memory.queries(from, to),
        self: wish.self.slice(from, to),
        memory: memory.memory,
        scratch: memory.scratch(i),
      };
      return [share, kind, again];
    });
    let first: RowBlock;
    try {
      first = this.#copy(memory, train, 0, Math.min(n, step));
    } finally {
      await begun;
    }
    this.#ready = batch;
    return { crew, train, wish, memory, step, first };
  }

  /** Compares with all training rows; false where a trial found that too many would be left. */
  async #compare(round: Round, m: number, trial: boolean): Promise<boolean> {
    const { crew, train, wish, memory, step, first } = round;
    const { n } = train;
    for (let row = 0; row < n; row += step) {
      const block = row === 0 ? first : this.#copy(memory, train, row, Math.min(n, row + step));
      await this.#prepare(crew, train, block);
      if (trial && row === 0) {
        const tried = Math.ceil(Math.min(m, trialQueries) / crew.size);
        const left = await crew.each("trial", () => [block, tried]);
        const mean = left.reduce((a, b) => a + b, 0) / (tried * crew.size);
        if (mean - wish.k > worthwhile * n) return false;
      }
      await crew.each("compare", () => [block]);
    }
    return true;
  }

  #copy(memory: SearchMemory, train: TrainRows, from: number, to: number): RowBlock {
    return this.#whole?.train === train ? this.#whole.block : memory.block(from, train.block(from, to));
  }

  async #prepare(crew: Crew, train: TrainRows, block: RowBlock): Promise<void> {
    if (this.#whole?.train === train) return;
    const rows = block.squaredNorms.length;
    await crew.each("prepare", (i) => [block, crew.start(i, rows), crew.start(i + 1, rows)]);
    this.#whole = rows === train.n ? { train, block } : undefined;
  }

  /** The memory at hand, where it is of that kind and holds as many queries. */
  #memory(kind: ComparisonKind, queries: number, members: number): SearchMemory {
    if (this.#held?.kind === kind && this.#held.queries >= queries) return this.#held.memory;
    this.#release();
    const rows = Math.max(...this.#trains.map((train) => blockRows(kind, train)));
    const { d } = this.#trains[0];
    const memory = new SearchMemory({ rows, queries, d, bytes: kind === "bytes", members });
    this.#held = { kind, queries, memory };
    return memory;
  }

  #release(): void {
    this.#held?.memory.free();
    this.#held = undefined;
    this.#whole = undefined;
    this.#ready = undefined;
  }

  /** Number of multiplications of the whole search. */
  #multiplications(): number {
    return this.#trains.reduce((sum, { n, d }) => sum + n * d, 0) * this.#total;
  }

  async #compared(pairs: number): Promise<void> {
    this.#pairs += pairs;
    const rows = this.#trains.reduce((sum, { n }) => sum + n, 0);
    const compared = Math.floor(this.#pairs / rows);
    await this.#tools.meter.add(Math.max(0, compared - this.#counted));
    this.#counted = Math.max(this.#counted, compared);
  }
}

/** One set of training rows, searched by a crew for a batch. */
interface Round {
  readonly crew: Crew;
  readonly train: TrainRows;
  readonly wish: Wish;
  readonly memory: SearchMemory;
  /** Training rows in a block. */
  readonly step: number;
  /** The first of them, copied. */
  readonly first: RowBlock;
}

/** Training rows in a block: as many blocks of the same size as memory demands. */
function blockRows(kind: ComparisonKind, { n, d, blockBytes }: TrainRows): number {
  const most = Math.max(1, Math.min(mostBlockRows[kind], Math.floor(blockBytes / (8 * d))));
  return Math.ceil(n / Math.ceil(n / most));
}

async function finish({ crew }: Round, m: number): Promise<PartFound[]> {
  const found = await crew.each("finish", () => []);
  return found.map((part, i) => ({ ...part, first: crew.start(i, m) }));
}
