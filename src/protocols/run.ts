import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/data-folders.js";
import { Aborted } from "../core/errors.js";
import { printNote } from "../core/note.js";
import { integerIn } from "../core/options.js";
import { type DataSet, type ImageSet, loadDataSet } from "../datasets/index.js";
import { Features } from "../extractors/index.js";
import { checkLeaks, type LeakReport } from "../scoring/leak-check.js";
import { type AblationSubject, ablationPoint, ablationResult, ablationVariants } from "./ablation.js";
import type { ClassFigures } from "./class-figures.js";
import { ensemblePoint } from "./ensemble-point.js";
import { type ExperimentFigures, experiments } from "./experiments.js";
import { type ExtractedSet, extractFeatures, extractorOf } from "./extract-features.js";
import { beyondPublished, normalizationOf } from "./normalization.js";
import { patchLayer } from "./patches/patch-layer.js";
import { type AllPatchesOptions, patchesByClass, patchesPlan } from "./patches/patches.js";
import type { CurveContent, ExperimentName, LeakSummary, RunContent, TableContent } from "./run-content.js";
import { checkRunOptions, type RunOptions } from "./run-options.js";
import { RunRecord } from "./run-record.js";
import { Stopwatch } from "./stopwatch.js";

/**
 * Runs an experiment of the paper from images to figures. Before any ROCAUC is computed, test images that are among the
 * training images, or nearly, are looked for.
 *
 * @param experiment - name of the experiment
 * @param options - data set, extractor, k and what may be changed beside them
 * @returns the record: figures with intervals, and the hashes, options, versions and seconds behind them
 * @throws RangeError when a name is unknown, listing the valid ones, or k exceeds the training images
 * @throws TypeError for an option that the experiment does not have
 * @throws DataError when data or weights are missing or damaged
 * @throws Aborted when interrupted
 */
export function runExperiment(
  experiment: "unimodal" | "multimodal" | "patches",
  options: RunOptions,
): Promise<RunRecord<TableContent>>;
export function runExperiment(
  experiment: Exclude<ExperimentName, "unimodal" | "multimodal" | "patches">,
  options: RunOptions,
): Promise<RunRecord<CurveContent>>;
export function runExperiment(experiment: ExperimentName, options: RunOptions): Promise<RunRecord>;
export async function runExperiment(experiment: ExperimentName, given: RunOptions): Promise<RunRecord> {
  const own = checkRunOptions(experiment, given);
  const isPatches = experiment === "patches";
  const options = isPatches ? { ...given, layer: patchLayer(given.extractor, given.layer) } : given;
  const {
    k = isPatches ? 1 : 2,
    distance = "squared",
    normalize = false,
    seed = 0,
    limitTrain,
    limitTest,
    signal,
  } = options;
  const variants = experiment === "ablation" ? ablationVariants(options) : [];
  const stopwatch = new Stopwatch();
  const dataset = await stopwatch.time("loadImages", async () =>
    (await loadDataSet(options.dataset)).limited({ train: limitTrain, test: limitTest }),
  );
  if (!["few-images", "k", "patches"].includes(experiment)) checkNeighbors(dataset, k);
  const chosen = pick(options, own);
  await rehearse(experiment, dataset, {
    ...chosen,
    seed,
    ...(experiment === "few-images" ? { normalize } : {}),
    ...(experiment === "k" ? {} : { k }),
  });
  const first = await extractFeatures(dataset, { ...options, ...variants[0]?.options }, stopwatch);
  const scoring = { distance, normalize, seed, signal, ...(experiment === "k" ? {} : { k }) };
  const leaks = await stopwatch.time("leakCheck", () => checkLeaks(first.train, first.test, { signal }));
  if (leaks.identical.length + leaks.nearlyIdentical.length > 0) printNote(String(leaks));
  const figures: ExperimentFigures =
    experiment === "ablation"
      ? { varied: await ablation(dataset, first, options, stopwatch) }
      : isPatches
        ? { rocAuc: await patches(first, options, { ...chosen, k, distance, seed, signal }, stopwatch) }
        : await stopwatch.time("figures", () =>
            experiments[experiment].run(first.train, first.test, { ...chosen, ...scoring }),
          );
  const { provenance } = first;
  const content: RunContent = {
    experiment,
    dataset: {
      name: dataset.name,
      contentHash: await dataset.contentHash(),
      train: first.train.n,
      test: first.test.n,
      unreadable: first.unreadable,
      notes: dataset.notes,
    },
    extractor: {
      name: provenance.extractor,
      layer: provenance.layer ?? "",
      dimensions: first.train.d,
      weightsHash: provenance.weightsHash ?? "",
      engine: provenance.engine ?? "",
    },
    preparation: first.test.provenance.preparation ?? "",
    k,
    distance,
    normalize: recorded(normalize),
    seed,
    options: askedFor(given),
    definitions: beyondPublished("this record", {
      normalization: options.vary === "normalize" ? "raw" : normalizationOf(normalize),
      layer: options.vary === "layer" ? undefined : options.layer,
      experiment,
      patches: isPatches ? { ...options, k } : undefined,
    }),
    reductions: [
      ...(limitTrain === undefined ? [] : [`at most the first ${limitTrain} training images of each class`]),
      ...(limitTest === undefined ? [] : [`at most the first ${limitTest} test images of each class`]),
    ],
    leaks: summaryOf(leaks),
    ...figures,
    seconds: stopwatch.seconds,
    versions: { dn2: packageVersion(), node: process.versions.node, engine: provenance.engine ?? "" },
  };
  return new RunRecord(content);
}

async function patches(
  { train, test }: ExtractedSet,
  options: RunOptions,
  chosen: AllPatchesOptions,
  stopwatch: Stopwatch,
): Promise<ClassFigures> {
  const extractor = await stopwatch.time("loadNetwork", () => extractorOf(options));
  try {
    const { batchSize } = options;
    return await stopwatch.time("figures", () =>
      patchesByClass(extractor, train, test, { ...chosen, batchSize }),
    );
  } finally {
    extractor.dispose();
  }
}

async function ablation(
  dataset: DataSet,
  first: { readonly train: Features; readonly test: Features },
  options: RunOptions,
  stopwatch: Stopwatch,
): Promise<NonNullable<ExperimentFigures["varied"]>> {
  const { k, distance, normalize, seed, signal } = options;
  const points = [];
  let classes: readonly string[] = [];
  for (const [i, { label, options: own, members }] of ablationVariants(options).entries()) {
    if (members) {
      const sets: Pick<ExtractedSet, "train" | "test">[] = [];
      for (const [m, extractor] of members.entries()) {
        const isFirst = i === 0 && m === 0;
        sets.push(isFirst ? first : await extractFeatures(dataset, { ...options, extractor }, stopwatch));
      }
      const scoring = { k, distance, normalize, seed, signal };
      const found = await stopwatch.time("figures", () => ensemblePoint(sets, label, scoring));
      points.push(found.point);
      classes = found.classes;
      continue;
    }
    const isSame = i === 0 || "normalize" in own || "distance" in own;
    const { train, test } = isSame
      ? first
      : await extractFeatures(dataset, { ...options, ...own }, stopwatch);
    const scoring = { k, distance, normalize, seed, signal };
    const chosen = "normalize" in own || "distance" in own ? { ...scoring, ...own } : scoring;
    const found = await stopwatch.time("figures", () => ablationPoint(train, test, label, chosen));
    points.push(found.point);
    classes = found.classes;
  }
  return ablationResult(options.vary as AblationSubject, points, classes);
}

function recorded(normalize: RunOptions["normalize"]): RunContent["normalize"] {
  const name = normalizationOf(normalize);
  return name === "whitened" ? name : name === "L2";
}

/** Refuses a k that is too large before features are extracted, which takes long. */
function checkNeighbors(dataset: DataSet, k: number): void {
  const counts = dataset.train.classCounts();
  for (const [c, name] of dataset.classNames.entries()) {
    if (counts[c] > 0) integerIn("k", k, 1, counts[c], `training images of ${name}`);
  }
}

/**
 * Refuses options that do not fit the images before features are extracted, which takes long: the experiment is begun on
 * features of one number, and stopped where its work would begin.
 */
async function rehearse(experiment: ExperimentName, dataset: DataSet, options: object): Promise<void> {
  if (experiment === "ablation") return;
  const plain = (images: ImageSet) =>
    new Features(new Float32Array(images.length).fill(1), 1, images.ids, { images });
  try {
    const stopped = { ...options, signal: AbortSignal.abort() };
    const [train, test] = [plain(dataset.train), plain(dataset.test)];
    if (experiment === "patches") patchesPlan(train, test, stopped);
    else await experiments[experiment].run(train, test, stopped);
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
  }
}

function pick(options: RunOptions, names: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(options).filter(
    ([name, value]) => names.includes(name) && value !== undefined,
  );
  return Object.fromEntries(entries);
}

/** What was asked for, without what has no part in the figures. */
function askedFor(options: RunOptions): Record<string, unknown> {
  const {
    signal: _s,
    onBadImage: _b,
    cache: _c,
    batchSize: _n,
    threads: _t,
    onPlaces: _p,
    ...rest
  } = options;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}

function summaryOf({ identical, nearlyIdentical, checked }: LeakReport): LeakSummary {
  const pairs = [...identical, ...nearlyIdentical].slice(0, 20);
  return {
    identical: identical.length,
    nearlyIdentical: nearlyIdentical.length,
    checked,
    pairs: pairs.map(({ test, train, relative }) => ({ test, train, relative: Number(relative.toFixed(4)) })),
  };
}

function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")).version;
}
