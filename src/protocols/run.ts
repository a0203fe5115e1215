import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/data-folders.js";
import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { type DataSet, loadDataSet } from "../datasets/index.js";
import type { EngineName } from "../engines/index.js";
import { type BadImage, loadExtractor } from "../extractors/index.js";
import { RunRecord } from "./run-record.js";
import { unimodal } from "./unimodal.js";

/** What `runExperiment` runs on and with. */
export interface RunOptions {
  /** Name of a data set, or a folder of images. */
  dataset: string;
  /** Name of an extractor. */
  extractor: string;
  /** Number of neighbors, default 2. */
  k?: number;
  /** Distance that is averaged over the neighbors, default "squared". */
  distance?: "squared" | "euclidean";
  /** Scale features to unit length first, default false. */
  normalize?: boolean;
  /** Only the first so many training images of each class, in file order. */
  limitTrain?: number;
  /** Only the first so many test images of each class, in file order. */
  limitTest?: number;
  /** Side of the network's input in pixels, default the network's own. */
  inputSize?: number;
  /** Layer whose pooled output is the feature, default the network's own. */
  layer?: string;
  /** File of the network's weights, default the one that is found by its name. */
  weights?: string;
  /** Compute engine, default the best that is installed. */
  engine?: EngineName;
  /** Images in a batch, default 16. */
  batchSize?: number;
  /** Called for each image that cannot be read; by default its name and the reason are printed. */
  onBadImage?: (bad: BadImage) => void;
  /** Aborts between batches. */
  signal?: AbortSignal;
}

const optionNames = [
  "dataset extractor k distance normalize limitTrain limitTest inputSize layer weights engine batchSize onBadImage signal",
].flatMap((names) => names.split(" "));

/** Names of the experiments that `runExperiment` knows. */
export const experimentNames = ["unimodal"] as const;

/**
 * Runs an experiment of the paper from images to ROCAUC.
 *
 * @param experiment - name of the experiment
 * @param options - data set, extractor, k and what may be changed beside them
 * @returns the record: figures with the hashes, options, versions and seconds behind them
 * @throws RangeError when a name is unknown, listing the valid ones, or k exceeds the training images
 * @throws DataError when data or weights are missing or damaged
 */
export async function runExperiment(
  experiment: (typeof experimentNames)[number],
  options: RunOptions,
): Promise<RunRecord> {
  oneOf("experiment", experiment, experimentNames);
  checkOptions("runExperiment", options, optionNames);
  const {
    k = 2,
    distance = "squared",
    normalize = false,
    limitTrain,
    limitTest,
    batchSize,
    signal,
  } = options;
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    seconds[stage] = Math.round(performance.now() - start) / 1000;
    return result;
  };

  const { inputSize, layer, weights, engine } = options;
  const extractor = await timed("loadNetwork", () =>
    loadExtractor(options.extractor, { inputSize, layer, weights, engine }),
  );
  try {
    const dataset = await timed("loadImages", async () =>
      (await loadDataSet(options.dataset)).limited({ train: limitTrain, test: limitTest }),
    );
    checkNeighbors(dataset, k);
    let unreadable = 0;
    const onBadImage = (bad: BadImage) => {
      unreadable++;
      if (options.onBadImage) options.onBadImage(bad);
      else process.stderr.write(`left out: ${bad.reason}\n`);
    };
    const extraction = { batchSize, signal, onBadImage };
    const train = await timed("extractTrain", () => extractor.extract(dataset.train, extraction));
    const test = await timed("extractTest", () => extractor.extract(dataset.test, extraction));
    const rocAuc = await timed("search", () => unimodal(train, test, { k, distance, normalize, signal }));
    const { provenance } = extractor;
    return new RunRecord({
      experiment,
      dataset: {
        name: dataset.name,
        contentHash: await dataset.contentHash(),
        train: train.n,
        test: test.n,
        unreadable,
        notes: dataset.notes,
      },
      extractor: {
        name: extractor.name,
        layer: provenance.layer ?? "",
        dimensions: extractor.dimensions,
        weightsHash: provenance.weightsHash ?? "",
        engine: provenance.engine ?? "",
      },
      preparation: test.provenance.preparation ?? "",
      k,
      distance,
      normalize,
      reductions: [
        ...(limitTrain === undefined
          ? []
          : [`at most the first ${limitTrain} training images of each class`]),
        ...(limitTest === undefined ? [] : [`at most the first ${limitTest} test images of each class`]),
      ],
      rocAuc,
      seconds,
      versions: { dn2: packageVersion(), node: process.versions.node, engine: provenance.engine ?? "" },
    });
  } finally {
    extractor.dispose();
  }
}

/** Refuses a k that is too large before features are extracted, which takes long. */
function checkNeighbors(dataset: DataSet, k: number): void {
  const counts = dataset.train.classCounts();
  for (const [c, name] of dataset.classNames.entries()) {
    if (counts[c] > 0) integerIn("k", k, 1, counts[c], `training images of ${name}`);
  }
}

function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")).version;
}
