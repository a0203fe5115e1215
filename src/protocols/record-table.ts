import type { Table } from "../core/table.js";
import { wideCurveWarning } from "../metrics/index.js";
import type { CurvePoint } from "./curves.js";
import { publishedFigures, publishedStatement } from "./published.js";
import type { RunContent } from "./run-content.js";

/** A record as a table, before it becomes text or HTML. */
export interface RecordTable extends Table {
  /** Engine, and the first digits of the hashes of weights and images. */
  readonly origin: string;
}

/**
 * @param content - a record's content
 * @returns its figures with intervals beside the published ones, ROCAUC in per cent
 */
export function recordTable(content: RunContent): RecordTable {
  const { experiment, dataset, extractor, k, distance, normalize } = content;
  const features = `${extractor.name} features${normalize === "whitened" ? ", whitened" : normalize ? ", L2-normalised" : ""}`;
  const neighbors = experiment === "k" ? "" : `, k = ${k}`;
  return {
    title: `${experiment} on ${dataset.name}: ${dataset.train} training and ${dataset.test} test images; ${features}${neighbors}, ${distance} distance; ROCAUC in % with 95 % intervals`,
    ...(content.rocAuc ? classTable(content) : curveTable(content)),
    notes: notesOf(content),
    origin: `${extractor.engine}; weights ${extractor.weightsHash.slice(0, 12)}, images ${dataset.contentHash.slice(0, 12)}`,
  };
}

function classTable({ experiment, dataset, rocAuc }: RunContent): Pick<RecordTable, "header" | "rows"> {
  const rows = (rocAuc?.perClass ?? []).map((result) => [
    result.class,
    percent(result.value),
    interval(result.interval),
    percent(result.averagePrecision.value),
    percent(result.falsePositiveRate.value),
    String(result.trainImages),
    String(result.normalTestImages),
    String(result.anomalousTestImages),
  ]);
  const mean = rocAuc ? ["mean", percent(rocAuc.mean), interval(rocAuc.interval)] : [];
  const published = publishedFigures(experiment, dataset.name).map((figure) => [
    `published ${figure.method}`,
    percent(figure.rocAuc),
  ]);
  return {
    header: [
      experiment === "multimodal" ? "left-out class" : "normal class",
      "ROCAUC",
      "interval",
      "average precision",
      "FPR at 95 % TPR",
      "training images",
      "normal test images",
      "anomalous test images",
    ],
    rows: [...rows, mean, ...published],
  };
}

/** The two standard deviations of a point, which say different things: classes differ, and draws do. */
const spreads = [
  { name: "+- classes", of: ({ overClasses }: CurvePoint) => overClasses },
  { name: "+- seeds", of: ({ overSeeds }: CurvePoint) => overSeeds },
];

function curveTable({ varied }: RunContent): Pick<RecordTable, "header" | "rows"> {
  const curves = varied?.curves ?? [];
  const xs = [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))];
  const shown = spreads.filter(({ of }) =>
    curves.some(({ points }) => points.some((point) => of(point) !== undefined)),
  );
  return {
    header: [
      varied?.xLabel ?? "",
      ...curves.flatMap(({ name }) => [name, ...shown.map((spread) => spread.name)]),
    ],
    rows: xs.map((x) => [
      String(x),
      ...curves.flatMap(({ points }) => {
        const point = points.find((one) => one.x === x);
        if (!point) return ["", ...shown.map(() => "")];
        const deviations = shown.map(({ of }) => of(point));
        return [
          `${percent(point.value)} ${interval(point.interval)}`,
          ...deviations.map((value) => (value === undefined ? "" : (100 * value).toFixed(2))),
        ];
      }),
    ]),
  };
}

function notesOf(content: RunContent): string[] {
  const { experiment, dataset, leaks, rocAuc, varied } = content;
  const published = publishedFigures(experiment, dataset.name);
  const statement = publishedStatement(experiment, content.options);
  const overClasses = rocAuc?.overClasses;
  const warnings = (rocAuc?.perClass ?? []).flatMap((one) =>
    one.warning ? [`warning: ${one.class}: ${one.warning}`] : [],
  );
  const wide = wideCurveWarning(varied?.curves ?? []);
  return [
    ...(leaks ? [leakLine(leaks)] : []),
    ...warnings,
    ...(wide ? [`warning: ${wide}`] : []),
    ...(overClasses === undefined
      ? []
      : [`standard deviation over the classes: ${(100 * overClasses).toFixed(2)} points`]),
    ...(varied && varied.classes.length > 1
      ? ["+- classes: standard deviation over the classes, of their means over the repetitions"]
      : []),
    ...(varied && varied.repeats > 1
      ? ["+- seeds: standard deviation over the repetitions, of their means over the classes"]
      : []),
    ...(published.length > 0
      ? [`published: with ${published[0].extractor} features: ${published[0].source}`]
      : []),
    ...(statement ? [`published: ${statement}`] : []),
    ...(varied?.definitions ?? []),
    ...(content.definitions ?? []),
    ...content.reductions.map((text) => `reduced: ${text}`),
    ...dataset.notes.map((text) => `note: ${text}`),
  ];
}

function leakLine({ identical, nearlyIdentical, checked }: NonNullable<RunContent["leaks"]>): string {
  return identical + nearlyIdentical === 0
    ? `leak check: none of ${checked} test images is, or nearly is, a training image`
    : `leak check: of ${checked} test images ${identical} are identical to a training image and ${nearlyIdentical} nearly so`;
}

function percent(value: number): string {
  return (100 * value).toFixed(2);
}

function interval([low, high]: readonly [number, number]): string {
  return `[${percent(low)}, ${percent(high)}]`;
}
