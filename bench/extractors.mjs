// What extractors reach and how fast they are, each by its name, or with an input size as in embedded@48:
//   node bench/extractors.mjs --extractors pixels,mobilenet_v2,embedded,embedded@48
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDataSet, loadExtractor, runExperiment, setProgressListener } from "../dist/src/index.js";

const { values: args } = parseArgs({
  options: {
    extractors: { type: "string", default: "pixels,mobilenet_v2,embedded,embedded@48" },
    "rates-only": { type: "boolean", default: false },
    output: { type: "string", default: join(import.meta.dirname, "..", "results", "extractors.json") },
  },
});

const cases = [
  { dataset: "cifar10", title: "CIFAR-10", limitTrain: 1000 },
  { dataset: "cifar100", title: "CIFAR-100, 20 coarse classes", limitTrain: 300 },
  { dataset: "fashion-mnist", title: "FashionMNIST", limitTrain: 600 },
  { dataset: "wbc", title: "WBC" },
];

const stored = existsSync(args.output)
  ? JSON.parse(readFileSync(args.output, "utf8"))
  : { records: [], rates: {} };
const records = new Map(stored.records.map((record) => [keyOf(record), record]));
const { rates } = stored;
setProgressListener(() => {});

function keyOf({ extractor, options, dataset }) {
  return `${nameOf(extractor.name, options?.inputSize)} ${dataset.name}`;
}

function nameOf(extractor, inputSize) {
  return inputSize === undefined ? extractor : `${extractor}@${inputSize}`;
}

/** The extractor and the input size that a name asks for. */
function asked(name) {
  const [extractor, size] = name.split("@");
  return { extractor, inputSize: size === undefined ? undefined : Number(size) };
}

function save() {
  mkdirSync(join(args.output, ".."), { recursive: true });
  writeFileSync(
    `${args.output}.partial`,
    `${JSON.stringify({ rates, records: [...records.values()] }, null, 1)}\n`,
  );
  renameSync(`${args.output}.partial`, args.output);
}

/** Images of CIFAR-10 a second, decoding and preparation included: the median of five extractions of 500. */
async function measureRate(name) {
  const { extractor: own, inputSize } = asked(name);
  const extractor = await loadExtractor(own, { inputSize });
  const images = (await loadDataSet("cifar10")).test.firstOfEachClass(50);
  const times = [];
  for (let round = 0; round < 6; round++) {
    const start = performance.now();
    await extractor.extract(images);
    if (round > 0) times.push(performance.now() - start);
  }
  extractor.dispose();
  return Math.round((1000 * images.length) / times.sort((a, b) => a - b)[2]);
}

for (const name of args.extractors.split(",")) {
  if (!args["rates-only"]) {
    for (const { dataset, limitTrain } of cases) {
      const record = (await runExperiment("unimodal", { dataset, ...asked(name), limitTrain })).toJSON();
      records.set(keyOf(record), record);
      save();
    }
  }
  rates[name] = await measureRate(name);
  save();
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const names = [
  ...new Set(
    [...records.values()].map(({ extractor, options }) => nameOf(extractor.name, options?.inputSize)),
  ),
];
const table = [
  row(["extractor", "features", ...cases.map(({ title }) => title), "images/s"]),
  row(["---", ...cases.map(() => "---"), "---", "---"]),
  ...names.map((name) => {
    const own = cases.map(({ dataset }) => records.get(`${name} ${dataset}`));
    const figures = own.map((record) => (record.rocAuc.mean * 100).toFixed(2));
    return row([name.replace(/@(.*)/, ", $1 px"), own[0].extractor.dimensions, ...figures, rates[name]]);
  }),
];
process.stdout.write(`${table.join("\n")}\n`);
