import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runExperiment } from "../dist/src/index.js";

const { values: args } = parseArgs({
  options: {
    extractors: { type: "string", default: "pixels,mobilenet_v2,embedded" },
    output: { type: "string", default: join(import.meta.dirname, "..", "results", "extractors.json") },
  },
});

const cases = [
  { dataset: "cifar10", title: "CIFAR-10", limitTrain: 1000 },
  { dataset: "cifar100", title: "CIFAR-100, 20 coarse classes", limitTrain: 300 },
  { dataset: "fashion-mnist", title: "FashionMNIST", limitTrain: 600 },
  { dataset: "wbc", title: "WBC" },
];

const records = [];
for (const extractor of args.extractors.split(",")) {
  for (const { dataset, limitTrain } of cases) {
    const record = (await runExperiment("unimodal", { dataset, extractor, limitTrain })).toJSON();
    records.push(record);
    const { train, test } = record.dataset;
    const rate = (train + test) / (record.seconds.extractTrain + record.seconds.extractTest);
    const figure = (record.rocAuc.mean * 100).toFixed(2);
    process.stdout.write(
      `${extractor} ${dataset} ${train}/${test}: ${figure}, ${rate.toFixed(0)} images/s\n`,
    );
  }
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const table = [
  row(["extractor", "features", ...cases.map(({ title }) => title), "images/s (CIFAR-10)"]),
  row(["---", ...cases.map(() => "---"), "---", "---"]),
  ...args.extractors.split(",").map((extractor) => {
    const own = records.filter((record) => record.extractor.name === extractor);
    const [first] = own;
    const seconds = first.seconds.extractTrain + first.seconds.extractTest;
    const rate = Math.round((first.dataset.train + first.dataset.test) / seconds);
    return row([
      extractor,
      first.extractor.dimensions,
      ...own.map((r) => (r.rocAuc.mean * 100).toFixed(2)),
      rate,
    ]);
  }),
];
mkdirSync(join(args.output, ".."), { recursive: true });
writeFileSync(`${args.output}.partial`, `${JSON.stringify(records, null, 1)}\n`);
renameSync(`${args.output}.partial`, args.output);
process.stdout.write(`${table.join("\n")}\n`);
