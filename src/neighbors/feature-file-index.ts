import { existsSync, readFileSync } from "node:fs";
import { Displayable } from "../core/display.js";
import { DataError, messageOf } from "../core/errors.js";
import { checkOptions, integerIn } from "../core/options.js";
import { ProgressMeter } from "../core/progress.js";
import type { MatrixBackend } from "../engines/index.js";
import { type Features, type Provenance, requireComparable } from "../extractors/features.js";
import { openToRead, readNpyHeader } from "../extractors/npy.js";
import type { SearchOptions } from "./neighbor-index.js";
import type { NeighborTable } from "./neighbor-table.js";
import { type RowsInFile, rowsInFile } from "./search/rows-in-file.js";
import { selfRows } from "./search/self-rows.js";
import { SingleSearch } from "./search/single-search.js";

/** Options of `FeatureFileIndex.open`. */
export interface FeatureFileOptions {
  /**
   * Bytes that a search may use beside the queries, the ids and the table it gives, at least 16 MiB; default 1 GiB.
   */
  readonly maxMemory?: number;
  /** What multiplies; default plain JavaScript for small searches, else the fastest engine. */
  readonly matrix?: MatrixBackend;
  /** Aborts between blocks. */
  readonly signal?: AbortSignal;
}

const leastMemory = 16 * 1024 * 1024;
const defaultMemory = 1024 * 1024 * 1024;

/**
 * Finds the exactly nearest training images among features in a .npy file that need not fit into memory: the file is read
 * block by block, and the neighbors are those that a `NeighborIndex` of the same features gives, to the bit.
 */
export class FeatureFileIndex extends Displayable {
  /** Name of the file. */
  readonly path: string;
  /** Number of training images. */
  readonly n: number;
  /** Features an image. */
  readonly d: number;
  /** One identifier a training image: those in the JSON file that `writeFeatures` puts beside, else "row 0" and so on. */
  readonly ids: readonly string[];
  /** Where the features come from, as the JSON file beside says. */
  readonly provenance: Provenance;
  readonly #rows: RowsInFile;
  readonly #search: SingleSearch;

  private constructor(path: string, rows: RowsInFile, about: Beside, search: SingleSearch) {
    super();
    this.path = path;
    this.n = rows.n;
    this.d = rows.d;
    this.ids = about.ids;
    this.provenance = about.provenance;
    this.#rows = rows;
    this.#search = search;
  }

  /**
   * Opens a file, reading it once to check that all features are finite.
   *
   * @param path - a .npy file of n x d float32 in C order
   * @param options - memory, what multiplies, abort signal
   * @returns the index, to be closed
   * @throws DataError when the file is not such a file, or holds NaN or infinite values
   * @throws RangeError when maxMemory is too small
   * @throws Aborted when interrupted
   */
  static async open(path: string, options: FeatureFileOptions = {}): Promise<FeatureFileIndex> {
    checkOptions("FeatureFileIndex.open", options, ["maxMemory", "matrix", "signal"]);
    const { maxMemory = defaultMemory, matrix, signal } = options;
    integerIn("maxMemory, in bytes,", maxMemory, leastMemory, Number.MAX_SAFE_INTEGER);
    const file = await openToRead(path);
    const { descr, shape, start } = await readNpyHeader(file, path).finally(() => file.close());
    if (descr !== "<f4" || shape.length !== 2 || shape[1] < 1) {
      throw new DataError(
        `${path} must hold n x d float32; it holds ${descr} of shape (${shape.join(", ")})`,
        path,
      );
    }
    const [n, d] = shape;
    const about = readBeside(path, n);
    const rows = rowsInFile(path, { n, d, start }, Math.floor(maxMemory / 4));
    try {
      const largest = await checkRows(path, rows, signal);
      const search = new SingleSearch(rows, about.ids, { matrix, largest: () => largest });
      return new FeatureFileIndex(path, rows, about, search);
    } catch (error) {
      rows.close();
      throw error;
    }
  }

  /**
   * The nearest training images of each query, by Euclidean distance.
   *
   * @param queries - features of the images to search for, made like the training features
   * @param kMax - neighbors to keep an image, from 1 to the number of training images (less one where a query is itself
   * a training image)
   * @param options - self-exclusion, method, abort signal
   * @returns squared distances and training rows, nearest first, equally near ones by lower row
   * @throws RangeError when kMax is out of range, or the features are not comparable
   * @throws DataError when the file was changed since it was opened
   * @throws Aborted when interrupted
   */
  async search(queries: Features, kMax: number, options: SearchOptions = {}): Promise<NeighborTable> {
    checkOptions("search", options, ["excludeSelf", "method", "quiet", "signal"]);
    requireComparable(this, queries, "the training features", "the queries");
    const rows = this.#rows;
    const train = { ids: this.ids, row: (row: number) => rows.row(row) };
    const self = () => selfRows(train, queries, options.excludeSelf);
    return this.#search.run(queries, kMax, { ...options, self });
  }

  /** Closes the file; the index cannot be searched afterwards. */
  close(): void {
    this.#rows.close();
  }

  override toString(): string {
    return `FeatureFileIndex: ${this.n} training images x ${this.d} in ${this.path}, exact`;
  }
}

interface Beside {
  readonly ids: readonly string[];
  readonly provenance: Provenance;
}

function readBeside(path: string, n: number): Beside {
  const json = path.replace(/\.npy$/, ".json");
  const plain = {
    ids: Array.from({ length: n }, (_, i) => `row ${i}`),
    provenance: { extractor: "own features" },
  };
  if (json === path || !existsSync(json)) return plain;
  let about: { files?: unknown; provenance?: Provenance };
  try {
    about = JSON.parse(readFileSync(json, "utf8"));
  } catch (error) {
    throw new DataError(`${json} must be JSON as writeFeatures writes it: ${messageOf(error)}`, json, error);
  }
  const { files, provenance = plain.provenance } = about;
  if (!Array.isArray(files) || files.length !== n || new Set(files).size !== n) {
    throw new DataError(
      `${json} must list ${n} different files, one for each row of ${path}; it does not`,
      json,
    );
  }
  return { ids: files.map(String), provenance };
}

async function checkRows(path: string, rows: RowsInFile, signal?: AbortSignal): Promise<number> {
  const { n, d, blockBytes } = rows;
  const step = Math.max(1, Math.min(n, Math.floor(Math.min(blockBytes, leastMemory) / (4 * d))));
  const meter = new ProgressMeter("checking features", n, "images", signal);
  let largest = 0;
  try {
    for (let from = 0; from < n; from += step) {
      const to = Math.min(n, from + step);
      const data = rows.block(from, to);
      let wrong = 0;
      for (let i = 0; i < data.length; i++) {
        const size = Math.abs(data[i]);
        wrong += size - size;
        if (size > largest) largest = size;
      }
      if (wrong !== 0) {
        const at = data.findIndex((value) => !Number.isFinite(value));
        throw new DataError(
          `${path} must hold finite numbers; feature ${at % d} of row ${from + Math.floor(at / d)} is ${data[at]}`,
          path,
        );
      }
      await meter.add(to - from);
    }
  } finally {
    meter.close();
  }
  return largest;
}
