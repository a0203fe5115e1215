// Measures what is beyond the paper against DN2 on the same test images, with paired intervals, and writes results/beyond.json and
// from it results/BEYOND.md: node bench/beyond.mjs --cache FOLDER [DATASET...]; --table writes the table only. Figures that are in
// the file are not measured again, so that it goes on where it was interrupted; --again measures all.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  calibrateByLeavingOneOut,
  ensembleScores,
  Features,
  loadDataSet,
  loadExtractor,
  MeanRocAuc,
  NeighborIndex,
  PatchBank,
  pixelRocAuc,
  Random,
  setProgressListener,
  Whitening,
} from "../dist/src/index.js";
import { beyondTable } from "./beyond-table.mjs";
import { keptFeatures } from "./kept-features.mjs";

const { values: args, positionals } = parseArgs({
  options: {
    cache: { type: "string", default: join(import.meta.dirname, "..", ".cache", "beyond") },
    table: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
  },
  allowPositionals: true,
});

const k = 2;
const sets = {
  "synthetic-defects": {},
  wbc: {},
  cifar10: { limitTrain: 200, limitTest: 100 },
  "fashion-mnist": { limitTrain: 100, limitTest: 100 },
};
const networks = {
  mobilenet_v2: { layers: ["features.13", "features.18"], patches: { layer: "features.6+features.13" } },
  squeezenet1_1: { layers: ["features.7", "features.12"] },
  "mobilenet_edgetpu_0.75": { layers: ["blocks.16", "head"] },
  embedded: { layers: ["blocks.3", "blocks.5"], patches: { layer: "blocks.2+blocks.4" } },
};
const large = ["cifar10", "fashion-mnist"];
const reference = "mobilenet_v2";
const imagenet = ["mobilenet_v2", "squeezenet1_1", "mobilenet_edgetpu_0.75"];
const results = join(import.meta.dirname, "..", "results");
const file = join(results, "beyond.json");
const stored = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { sets: {}, figures: [] };
const figures = new Map(stored.figures.map((figure) => [keyOf(figure), figure]));

function keyOf({ dataset, extractor, method }) {
  return `${dataset} / ${extractor} / ${method}`;
}

function write(path, text) {
  writeFileSync(`${path}.partial`, text);
  renameSync(`${path}.partial`, path);
}

function save() {
  const measured = Object.keys(sets).filter((dataset) => stored.sets[dataset]);
  const content = {
    k,
    sets: Object.fromEntries(measured.map((dataset) => [dataset, stored.sets[dataset]])),
    weights: stored.weights,
    figures: [...figures.values()],
  };
  write(file, `${JSON.stringify(content, null, 1)}\n`);
  write(join(results, "BEYOND.md"), beyondTable(content));
}

/** Scores of all test images for each normal class. */
async function perClass(data, score) {
  const found = [];
  for (const name of data.normalClasses) {
    found.push({ name, isAnomaly: data.isAnomaly(name), ...(await score(name)) });
  }
  return found;
}

function meanOf(data, scored) {
  const mean = new MeanRocAuc(data.test.labels);
  for (const { scores, isAnomaly } of scored) mean.add(scores.values, isAnomaly);
  return mean;
}

const ofClass = (features, name) => {
  const label = features.images.classNames.indexOf(name);
  return features.subset(
    [...features.images.labels.keys()].filter((i) => features.images.labels[i] === label),
  );
};

async function neighborScores(train, test) {
  return (await new NeighborIndex(train).search(test, k)).scores(k);
}

const onFeatures =
  ({ train, test }, transform = async (own, all) => [own, all]) =>
  async (name) => {
    const [own, all] = await transform(ofClass(train, name), test);
    return { scores: await neighborScores(own, all) };
  };

const whitened = (options) => async (train, test) => {
  const whitening = await Whitening.fit(train, options);
  return [await whitening.apply(train), await whitening.apply(test)];
};

/** Layers one after the other, each times a factor that is made from its training features. */
const joined = (factor) => (parts) => async (name) => {
  const own = parts.map(({ train }) => ofClass(train, name));
  const factors = await Promise.all(own.map(factor));
  const join = (list) => {
    const rows = list[0].ids.map((_, i) =>
      list.flatMap((features, p) => Array.from(features.row(i), (value) => value * factors[p])),
    );
    return Features.fromRows(rows, { ids: list[0].ids, extractor: "joined layers" });
  };
  return { scores: await neighborScores(join(own), join(parts.map(({ test }) => test))) };
};

async function equalDistance(train) {
  const { values } = (await new NeighborIndex(train).search(train, 1, { excludeSelf: true })).scores(1);
  return 1 / Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length);
}

async function measure(id, data, base, score, more = async () => ({})) {
  const key = keyOf(id);
  if (figures.has(key) && !args.again) return;
  const start = performance.now();
  let scored;
  try {
    scored = await perClass(data, score);
  } catch (error) {
    if (!/components must be at most/.test(error.message)) throw error;
    process.stderr.write(`${key}: left out, ${error.message}\n`);
    return;
  }
  const mean = meanOf(data, scored);
  const { rocAuc, low, high } = mean.interval();
  const difference = base && mean.less(base);
  figures.set(key, {
    ...id,
    rocAuc,
    interval: [low, high],
    ...(difference && {
      difference: difference.difference,
      differenceInterval: [difference.low, difference.high],
    }),
    ...(await more()),
  });
  save();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stderr.write(`${key}: ${(100 * rocAuc).toFixed(2)}, ${seconds} s\n`);
}

async function ofNetwork(dataset, data, name) {
  const { layers, patches } = networks[name];
  const own = await keptFeatures(args.cache, data, name);
  stored.weights = { ...stored.weights, [name]: own.weightsHash };
  const id = (method) => ({ dataset, extractor: name, method });
  const raw = await perClass(data, onFeatures(own));
  const base = meanOf(data, raw);
  await measure(id("raw (DN2)"), data, undefined, onFeatures(own));
  const scaled = { train: own.train.normalized(), test: own.test.normalized() };
  await measure(id("L2-normalised"), data, base, onFeatures(scaled));
  await measure(id("whitened, all directions"), data, base, onFeatures(own, whitened({})));
  for (const components of [8, 32, 128]) {
    const transform = whitened({ components, shrinkage: 0 });
    await measure(id(`whitened, ${components} components`), data, base, onFeatures(own, transform));
  }
  const both = await keptFeatures(args.cache, data, name, layers.join("+"));
  await measure(id("two layers, each L2-normalised"), data, base, onFeatures(both));
  if (!large.includes(dataset) || name === "embedded") {
    const middle = await keptFeatures(args.cache, data, name, layers[0]);
    await measure(id("two layers, as they are"), data, base, joined(async () => 1)([middle, own]));
    await measure(id("two layers, equal distances"), data, base, joined(equalDistance)([middle, own]));
  }
  if (patches && (!large.includes(dataset) || name === "embedded")) {
    const options = dataset === "synthetic-defects" && name === "embedded" ? { inputSize: 64 } : {};
    const extractor = await loadExtractor(name, { layer: patches.layer, ...options });
    let last;
    const score = (top) => async (normal) => {
      const bank = await PatchBank.build(extractor, data.train.ofClass(normal), {
        patches: large.includes(dataset) ? 2000 : 5000,
        random: new Random(0),
      });
      last = await bank.score(data.test);
      return { scores: last.scores({ top }) };
    };
    const pixels = async () =>
      dataset === "synthetic-defects" ? { pixelRocAuc: await pixelRocAuc(last) } : {};
    await measure(id("patches, highest place"), data, base, score(1), pixels);
    if (!large.includes(dataset)) await measure(id("patches, mean of 10 highest"), data, base, score(10));
    extractor.dispose();
  }
  const members = [];
  for (const one of raw) {
    members.push({
      ...one,
      calibration: await calibrateByLeavingOneOut(ofClass(own.train, one.name), { k }),
    });
  }
  return { raw: members, base };
}

if (!args.table) {
  if (!process.stderr.isTTY) setProgressListener(() => {});
  for (const [dataset, limits] of Object.entries(sets)) {
    if (positionals.length > 0 && !positionals.includes(dataset)) continue;
    const data = await loadDataSet(dataset, limits);
    stored.sets[dataset] = {
      ...limits,
      train: data.train.length,
      test: data.test.length,
      contentHash: await data.contentHash(),
    };
    const all = {};
    for (const name of Object.keys(networks)) all[name] = await ofNetwork(dataset, data, name);
    const { base } = all[reference];
    const together = (names) => async (normal) => ({
      scores: ensembleScores(names.map((name) => all[name].raw.find((one) => one.name === normal))),
    });
    const groups = { "three ImageNet networks": imagenet, "all four networks": Object.keys(networks) };
    for (const [extractor, names] of Object.entries(groups)) {
      await measure({ dataset, extractor, method: "ensemble, mean of z" }, data, base, together(names));
    }
  }
}
save();
