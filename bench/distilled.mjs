// What networks distilled with scripts/train-embedded.mjs reach, one weights file a seed:
//   node bench/distilled.mjs 1=data/embedded.safetensors 2=FILE 3=FILE
// Unimodal ROCAUC, k = 2, mean squared distance, raw features; which images the distillation has seen is said for every row.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadDataSet, loadExtractor, setProgressListener } from "../dist/src/index.js";
import { unimodal } from "../dist/src/protocols/index.js";
import { distillationImages } from "../scripts/distillation-images.mjs";

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    output: { type: "string", default: join(import.meta.dirname, "..", "results", "distilled.json") },
    only: { type: "string", default: "" },
    layer: { type: "string" },
  },
});
setProgressListener(() => {});

const [cifar10, cifar100, fashion, wbc] = await Promise.all(
  ["cifar10", "cifar100", "fashion-mnist", "wbc"].map((name) => loadDataSet(name)),
);
const seenHalf = distillationImages("cifar100", cifar100.train).images;
const seenIds = new Set(seenHalf.ids);
const unseenHalf = cifar100.train.subset(
  Int32Array.from(cifar100.train.ids.keys()).filter((i) => !seenIds.has(cifar100.train.ids[i])),
);
const small = { train: cifar10.train.firstOfEachClass(300), test: cifar10.test.firstOfEachClass(150) };

const atSize = (size) => (size === 32 ? "" : ` at ${size} px`);

/** Rows of the table: what is normal is drawn from `train`. */
const cases = [
  ...[32, 48].map((size) => ({
    row: `CIFAR-10${atSize(size)}`,
    bank: "1,000 a class, seen",
    ...cifar10,
    size,
  })),
  ...[32, 48, 64, 96].map((size) => ({
    row: `CIFAR-10, some, at ${size} px`,
    bank: "300 a class, seen; 150 test images a class",
    ...small,
    size,
  })),
  {
    row: "CIFAR-100 coarse, half seen",
    bank: "2,500 images, seen",
    train: seenHalf,
    test: cifar100.test,
    size: 32,
  },
  {
    row: "CIFAR-100 coarse, other half",
    bank: "2,500 images, never seen",
    train: unseenHalf,
    test: cifar100.test,
    size: 32,
  },
  ...[32, 48].flatMap((size) => [
    {
      row: `CIFAR-100 coarse${atSize(size)}`,
      bank: "all 5,000 images, half of them seen",
      ...cifar100,
      size,
    },
    {
      row: `FashionMNIST${atSize(size)}`,
      bank: "600 a class, never seen",
      train: fashion.train.firstOfEachClass(600),
      test: fashion.test,
      size,
    },
  ]),
  ...[32, 48, 64, 96].map((size) => ({
    row: `WBC at ${size} px`,
    bank: "238 images, never seen",
    ...wbc,
    size,
  })),
];

const stored = existsSync(args.output) ? JSON.parse(readFileSync(args.output, "utf8")) : { rows: {} };

async function measure({ train, test, size }, weights) {
  const extractor = await loadExtractor("embedded", {
    weights,
    inputSize: size,
    ...(args.layer && { layer: args.layer }),
  });
  try {
    const [bank, queries] = [await extractor.extract(train), await extractor.extract(test)];
    const { mean } = await unimodal(bank, queries, { k: 2, replicates: 100 });
    return { value: Number(mean.toFixed(5)), weightsHash: extractor.provenance.weightsHash };
  } finally {
    extractor.dispose();
  }
}

for (const given of positionals) {
  const [seed, weights] = given.split("=");
  for (const { row, bank, ...data } of cases) {
    if (args.only && !args.only.split(",").some((part) => row.includes(part))) continue;
    stored.rows[row] ??= { bank, seeds: {} };
    const entry = stored.rows[row];
    entry.seeds[seed] = await measure(data, weights);
    console.error(seed, row, (100 * entry.seeds[seed].value).toFixed(2));
    mkdirSync(join(args.output, ".."), { recursive: true });
    writeFileSync(`${args.output}.partial`, `${JSON.stringify(stored, null, 1)}\n`);
    renameSync(`${args.output}.partial`, args.output);
  }
}

const seeds = [...new Set(Object.values(stored.rows).flatMap((row) => Object.keys(row.seeds)))];
const line = (cells) => `| ${cells.join(" | ")} |`;
console.log(
  line(["test images of", "normal images", ...seeds.map((seed) => `seed ${seed}`), "mean", "spread"]),
);
console.log(line(["---", "---", ...seeds.map(() => "---"), "---", "---"]));
for (const [row, { bank, seeds: found }] of Object.entries(stored.rows)) {
  const values = seeds.map((seed) => (found[seed] ? 100 * found[seed].value : Number.NaN));
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const spread = Math.max(...known) - Math.min(...known);
  const text = (value) => (Number.isNaN(value) ? "" : value.toFixed(2));
  console.log(line([row, bank, ...values.map(text), text(mean), text(spread)]));
}
