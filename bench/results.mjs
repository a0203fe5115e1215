// Runs the paper's experiments on the data in DN2_DATA and writes a record each to results/experiments/, then all of them
// as results/RESULTS.md: node bench/results.mjs --cache FOLDER [PART OF A NAME]; --table writes the table only.
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { publishedFigures, publishedStatement, runExperiment } from "../dist/src/index.js";
import { wideCurveWarning } from "../dist/src/metrics/index.js";
import { paperRows, variantName } from "./results/rows.mjs";

const folder = join(import.meta.dirname, "..", "results", "experiments");
const { values, positionals } = parseArgs({
  options: { cache: { type: "string" }, table: { type: "boolean" } },
  allowPositionals: true,
});

const cifar = { dataset: "cifar10", extractor: "mobilenet_v2" };
const wbc = { dataset: "wbc", extractor: "mobilenet_v2" };
const fashion = { dataset: "fashion-mnist", extractor: "mobilenet_v2", limitTrain: 600 };
const runs = {
  "unimodal-cifar10": ["unimodal", cifar],
  "multimodal-cifar10": ["multimodal", cifar],
  "groups-cifar10": ["groups", { ...cifar, repeats: 10 }],
  "few-images-cifar10": ["few-images", { ...cifar, repeats: 10 }],
  "contamination-cifar10": ["contamination", { ...cifar, repeats: 3 }],
  "groups-anomaly-share-cifar10": ["groups", { ...cifar, rule: "anomaly-share", repeats: 10 }],
  "k-cifar10": ["k", cifar],
  "kmeans-cifar10": ["kmeans", cifar],
  "ablation-normalize-cifar10": ["ablation", { ...cifar, vary: "normalize" }],
  "unimodal-wbc": ["unimodal", wbc],
  "k-wbc": ["k", { ...wbc, ks: [1, 2, 3, 5, 10] }],
  "ablation-extractor-wbc": [
    "ablation",
    {
      ...wbc,
      vary: "extractor",
      values: ["mobilenet_v2", "squeezenet1_1", "mobilenet_edgetpu_0.75", "embedded", "pixels"],
    },
  ],
  "ablation-input-size-wbc": ["ablation", { ...wbc, vary: "inputSize", values: [96, 128, 160, 224] }],
  "ablation-layer-wbc": [
    "ablation",
    {
      ...wbc,
      vary: "layer",
      values: ["features.6", "features.10", "features.13", "features.17", "features.18"],
    },
  ],
  "unimodal-bccd": ["unimodal", { dataset: "bccd", extractor: "mobilenet_v2" }],
  "unimodal-cifar100": ["unimodal", { dataset: "cifar100", extractor: "mobilenet_v2" }],
  "multimodal-cifar100": ["multimodal", { dataset: "cifar100", extractor: "mobilenet_v2" }],
  "unimodal-fashion-mnist": ["unimodal", fashion],
  "few-images-fashion-mnist": ["few-images", { ...fashion, repeats: 10 }],
  "kmeans-fashion-mnist": ["kmeans", fashion],
};

const percent = (value) => (100 * value).toFixed(2);
const measured = ({ value, interval }) => `${percent(value)} [${interval.map(percent).join(", ")}]`;

async function write(path, text) {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

if (!values.table) {
  await mkdir(folder, { recursive: true });
  for (const [name, [experiment, options]] of Object.entries(runs)) {
    if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue;
    try {
      const record = await runExperiment(experiment, { ...options, cache: values.cache });
      await write(join(folder, `${name}.json`), `${JSON.stringify(record, null, 1)}\n`);
      process.stdout.write(`${name}\n`);
    } catch (error) {
      process.stderr.write(`${name}: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
}

function classRows({ experiment, dataset, rocAuc }) {
  const published = publishedFigures(experiment, dataset.name).map(
    ({ method, rocAuc: value, extractor, source }) =>
      `| published ${method} (${extractor}; ${source}) | ${percent(value)} | | |`,
  );
  return [
    `| ${experiment === "multimodal" ? "left-out class" : "normal class"} | ROCAUC, % [95 % interval] | average precision, % | FPR at 95 % TPR, % |`,
    "|---|---|---|---|",
    ...rocAuc.perClass.map(
      (one) =>
        `| ${one.class} | ${measured(one)} | ${measured(one.averagePrecision)} | ${measured(one.falsePositiveRate)} |`,
    ),
    `| **mean** | **${measured({ value: rocAuc.mean, interval: rocAuc.interval })}** | | |`,
    ...(rocAuc.overClasses === undefined
      ? []
      : [`| standard deviation over the classes | ${percent(rocAuc.overClasses)} | | |`]),
    ...published,
  ];
}

function curveRows(record) {
  const { experiment, varied, options } = record;
  const { curves, xLabel } = varied;
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))];
  const spread = ({ overSeeds, overClasses }) =>
    [
      ["seeds", overSeeds],
      ["classes", overClasses],
    ]
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `, ${name} ± ${percent(value)}`)
      .join("");
  const statement = publishedStatement(experiment, options);
  return [
    `| ${[xLabel, ...curves.map(({ name }) => name)].join(" | ")} |`,
    `|${"---|".repeat(curves.length + 1)}`,
    ...xs.map((x) => {
      const points = curves.map((curve) => curve.points.find((point) => point.x === x));
      const cells = points.map((point) => (point ? `${measured(point)}${spread(point)}` : ""));
      return `| ${[variantName(record, x), ...cells].join(" | ")} |`;
    }),
    ...(statement ? ["", `Published: ${statement}.`] : []),
  ];
}

/** The command that makes a record. */
function commandOf({ experiment, options }) {
  const kebab = (text) => String(text).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const words = Object.entries(options).map(([key, value]) => {
    const values = [value].flat();
    return `--${kebab(key)} ${(key === "vary" ? values.map(kebab) : values).join(",")}`;
  });
  return `npx dn2 run ${experiment} ${words.join(" ")} --json`;
}

function section(name, record) {
  const { experiment, dataset, extractor, k, distance, normalize, seed, leaks } = record;
  const setting = [
    `${dataset.train} training and ${dataset.test} test images`,
    record.options?.vary === "extractor"
      ? "several extractors"
      : `${extractor.name} features (${extractor.layer}, ${extractor.dimensions})`,
    ...(experiment === "k" ? [] : [`k = ${k}`]),
    `${distance} distance`,
    ...(normalize ? [normalize === "whitened" ? normalize : "L2-normalised"] : []),
    `seed ${seed}`,
  ];
  const warnings = (record.rocAuc?.perClass ?? []).filter(({ warning }) => warning);
  const wide = wideCurveWarning(record.varied?.curves ?? []);
  const notes = [
    ...(record.varied?.definitions ?? []),
    ...record.reductions.map((text) => `reduced: ${text}`),
    ...dataset.notes,
    `leak check: ${leaks.identical} identical and ${leaks.nearlyIdentical} nearly identical of ${leaks.checked} test images`,
    ...warnings.map((one) => `${one.class}: ${one.warning}`),
    ...(wide ? [wide] : []),
    `images ${dataset.contentHash.slice(0, 12)}, weights ${extractor.weightsHash.slice(0, 12)}, ${extractor.engine}; the record: experiments/${name}.json`,
  ];
  return [
    `## ${experiment} on ${dataset.name}${record.options?.rule ? `, rule ${record.options.rule}` : ""}${record.options?.vary ? `: ${record.options.vary}` : ""}`,
    "",
    `${setting.join("; ")}.`,
    "",
    ...(record.rocAuc ? classRows(record) : curveRows(record)),
    "",
    `\`${commandOf(record)}\``,
    "",
    ...notes.map((note) => `- ${note}`),
    "",
  ];
}

const order = Object.keys(runs);
const names = (await readdir(folder))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(/\.json$/, ""))
  .sort((a, b) => order.indexOf(a) - order.indexOf(b));
const records = {};
for (const name of names) records[name] = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
const sections = names.flatMap((name) => section(name, records[name]));
await write(
  join(folder, "..", "RESULTS.md"),
  [
    "# Results",
    "",
    "Written by `node bench/results.mjs` from the run records in experiments/. ROCAUC in % with 95 % intervals: for another choice of test images, and",
    'where something was drawn also for other draws; "seeds ±" and "classes ±" are standard deviations over the draws and over the classes. Published figures are with ResNet-101 features and the complete data; the figures here are with the',
    "networks, images and reductions that each row and section names, so the two are not like for like. `npx dn2 check results/experiments/NAME.json`",
    "computes a record again.",
    "",
    "## The paper's experiments",
    "",
    ...paperRows(records),
    "",
    "\\* recalled from the paper, not checked there. Everything is DN2 with k = 2, mean squared distance and raw features unless the row varies it.",
    "",
    ...sections,
  ].join("\n"),
);
