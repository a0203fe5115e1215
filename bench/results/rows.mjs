// The paper's experiments, one row each: what is published beside what the run records say.
import { publishedFigures, publishedStatement } from "../../dist/src/index.js";

const titles = {
  cifar10: "CIFAR-10",
  cifar100: "CIFAR-100",
  "fashion-mnist": "FashionMNIST",
  wbc: "WBC",
  dior: "DIOR",
  bccd: "BCCD",
};
/** What is known of a copy of the data and does not stand in its files, by the first digits of its hash. */
const copies = {
  "1794b2376e2e": "this copy has lost the original split and has one of its own",
  "8bb38270012e": "this copy has lost the original split and has one of its own",
};
/** Notebooks that go through each row's experiment step by step. */
const notebooks = [
  ["03-unimodal"],
  ["08-voc"],
  ["01-wbc"],
  ["04-multimodal"],
  ["05-groups"],
  ["06-few-images"],
  ["07-contamination"],
  ["13-kmeans"],
  ["14-ablation", "02-choose-k"],
];
const link = (name) => `[${name}](../notebooks/${name}.ipynb)`;
const untrained = (methods) => `${methods}, to be trained: not yet measured`;
const percent = (value) => (100 * value).toFixed(2);
const measured = ({ value, interval }) => `${percent(value)} [${interval.map(percent).join(", ")}]`;

/**
 * @param records - run records by name
 * @returns lines of a Markdown table with nine rows
 */
export function paperRows(records) {
  const rows = [
    row(
      "1 unimodal",
      ["cifar10", "fashion-mnist", "cifar100", "dior", "wbc"].map((name) => unimodal(records, name)),
      untrained("Geometric and MHRot"),
    ),
    row(
      "2 DIOR: objects from boxes of at least 120 px in each axis",
      [
        {
          ...unimodal(records, "bccd"),
          published: `DIOR: ${published("unimodal", "dior")}`,
          remark:
            "DIOR was not at hand; BCCD, other pictures in the same form, stands in for it and shows that the preparation runs: its figure says nothing about DIOR's",
        },
      ],
      untrained("MHRot"),
    ),
    row("3 WBC: 4 classes, first 80 % in file order train", [unimodal(records, "wbc")], untrained("MHRot")),
    row(
      "4 multimodal",
      ["cifar10", "cifar100"].map((name) => table(records, "multimodal", name)),
      untrained("Geometric"),
    ),
    row("5 groups of images", [curves(records, "groups", "cifar10", "groups-cifar10", groupPoints)]),
    row(
      "6 few training images",
      ["cifar10", "fashion-mnist"].map((name) =>
        curves(records, "few-images", name, `few-images-${name}`, fewPoints),
      ),
      untrained("Geometric"),
    ),
    row("7 contaminated training images", [
      curves(records, "contamination", "cifar10", "contamination-cifar10", contaminationPoints),
    ]),
    row(
      "8 K-means centers",
      ["cifar10", "fashion-mnist"].map((name) =>
        curves(records, "kmeans", name, `kmeans-${name}`, centerPoints),
      ),
    ),
    row(
      "9 ablations",
      [
        curves(records, "k", "cifar10", "k-cifar10", (record) => points(record, "k = ")),
        ...["extractor", "layer", "input-size"].map((what) =>
          curves(records, "ablation", "wbc", `ablation-${what}-wbc`, (record) => points(record)),
        ),
        curves(records, "ablation", "cifar10", "ablation-normalize-cifar10", (record) => points(record)),
      ],
      "depth of ResNet: not measured, its weights were not at hand",
    ),
  ];
  return [
    "| experiment of the paper | published | measured here | on | record | notebook |",
    "|---|---|---|---|---|---|",
    ...rows.map((text, i) => `${text} ${notebooks[i].map(link).join("<br>")} |`),
  ];
}

function row(title, parts, missing) {
  const cells = parts.map(({ published: figure, measured: own, on, remark, record }) => [
    figure,
    own,
    [on, remark].filter(Boolean).join("; "),
    record ? `[${record}](experiments/${record}.json)` : "",
  ]);
  const joined = [0, 1, 2, 3].map((i) => {
    const texts = cells.map((cell) => cell[i]);
    const different = [...new Set(texts)].filter(Boolean);
    return (i === 0 || different.length === 1 ? different : texts).join("<br>");
  });
  return `| ${[title, joined[0], [joined[1], missing].filter(Boolean).join("<br>"), joined[2], joined[3]].join(" | ")} |`;
}

function unimodal(records, name) {
  return table(records, "unimodal", name);
}

function table(records, experiment, name) {
  const record = records[`${experiment}-${name}`];
  const figure = published(experiment, name);
  if (!record) {
    return {
      published: `${titles[name]}: ${figure}`,
      measured: `${titles[name]}: not measured`,
      on: `${titles[name]} was not at hand`,
    };
  }
  const { mean, interval, perClass } = record.rocAuc;
  const warned = perClass.filter(({ warning }) => warning).length;
  return {
    published: `${titles[name]}: ${figure}`,
    measured: `${titles[name]}: **${measured({ value: mean, interval })}**`,
    on: describe(record),
    remark:
      warned > 0
        ? `too few test images to tell small differences (${warned} of ${perClass.length} classes)`
        : "",
    record: `${experiment}-${name}`,
  };
}

function curves(records, experiment, name, recordName, read) {
  const record = records[recordName];
  return {
    published: publishedStatement(experiment, record?.options) ?? "",
    measured: `${titles[name]}${record?.options?.vary ? `, ${record.options.vary}` : ""}: ${record ? read(record) : "not measured"}`,
    on: record ? describe(record) : "",
    record: record ? recordName : "",
  };
}

function published(experiment, name) {
  const figures = publishedFigures(experiment, name);
  const texts = figures.map(
    ({ method, rocAuc, source }) =>
      `${method} ${(100 * rocAuc).toFixed(1)}${source.includes("unverified") ? "*" : ""}`,
  );
  return texts.join(", ") || "no figure";
}

function describe({ dataset, extractor, options, reductions, seed }) {
  const network = options?.vary === "extractor" ? "several networks" : extractor.name;
  const subset = dataset.notes
    .find((note) => note.includes("is a subset of the original"))
    ?.split(": ")
    .at(-1);
  const parts = [
    `${titles[dataset.name]}: ${subset ?? `${dataset.train} training and ${dataset.test} test images`}`,
    copies[dataset.contentHash.slice(0, 12)],
    ...reductions,
    `${network} features, seed ${seed}`,
  ];
  return parts.filter(Boolean).join("; ");
}

function curve(record, name) {
  return record.varied.curves.find((one) => one.name === name)?.points ?? [];
}

function at(list, x) {
  const point = list.find((one) => String(one.x) === String(x));
  return point ? measured(point) : "–";
}

/**
 * @param record - a run record
 * @param x - what one of its points stands at
 * @returns the name to print
 */
export function variantName({ options }, x) {
  const names = { false: "raw", true: "L2-normalised" };
  return (options?.vary === "normalize" && names[x]) || x;
}

function points(record, prefix = "") {
  return curve(record, "DN2")
    .map((point) => `${prefix}${variantName(record, point.x)}: ${measured(point)}`)
    .join("; ");
}

function groupPoints(record) {
  const sizes = curve(record, "mean").map(({ x }) => x);
  const pairs = sizes.map(
    (size) => `${size}: ${at(curve(record, "mean"), size)} / ${at(curve(record, "concatenation"), size)}`,
  );
  return `by images a group, mean pooling / concatenation: ${pairs.join("; ")}`;
}

function fewPoints(record) {
  return `by number of training images: ${points(record)}`;
}

function contaminationPoints(record) {
  const [plain, cleaned] = record.varied.curves;
  return `by share of anomalies, without / with cleaning: ${plain.points.map(({ x }) => `${x}: ${at(plain.points, x)} / ${at(cleaned.points, x)}`).join("; ")}`;
}

function centerPoints(record) {
  const centers = curve(record, "K-means centers");
  return `by centers a class: ${centers.map((point) => `${point.x}: ${measured(point)}`).join("; ")}; all training images: ${at(curve(record, "all training images"), "all")}`;
}
