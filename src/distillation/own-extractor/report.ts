import type { ImageSet } from "../../datasets/index.js";
import { type Extractor, type Features, loadExtractor } from "../../extractors/index.js";
import { type RocAucDifference, smallTestSetWarning } from "../../metrics/index.js";
import { checkLeaks } from "../../scoring/leak-check.js";
import type { DistillationReport, ReportRow } from "./content.js";
import { type Agreement, agreementOf, type Judge, type Judged } from "./judge.js";
import { imagesPerSecond } from "./speed.js";

/** What a report is made of. */
export interface ReportInputs {
  /** The teacher. */
  readonly teacher: Extractor;
  /** Its features of training images. */
  readonly bank: Features;
  /** Its features of held-out images. */
  readonly heldOut: Features;
  /** Judges. */
  readonly judge: Judge;
  /** The file of the new extractor. */
  readonly path: string;
  /** Neighbors behind a score. */
  readonly k: number;
  /** Nearest images whose mean was half of what was learned, 0 for none. */
  readonly smoothing: number;
  /** Aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Measures a new extractor as it stands in its file, beside its teacher and the package's own.
 *
 * @param inputs - what to measure, and on what
 * @returns the report
 * @throws Aborted when interrupted
 */
export async function makeReport(inputs: ReportInputs): Promise<DistillationReport> {
  const { teacher, bank, heldOut, judge, path, k, smoothing, signal } = inputs;
  const [bankImages, heldOutImages] = [bank.images as ImageSet, heldOut.images as ImageSet];
  const judged = async (extractor: Extractor) =>
    judge.judge(
      await extractor.extract(bankImages, { batchSize: 64, signal }),
      await extractor.extract(heldOutImages, { batchSize: 64, signal }),
    );
  const own = await loadExtractor(path);
  const embedded = await loadExtractor("embedded");
  try {
    const all = [await judge.teacher(bank, heldOut), await judged(own), await judged(embedded)] as const;
    const [teacherRate, ownRate] = await imagesPerSecond([teacher, own], heldOutImages, signal);
    const leaks = await checkLeaks(bank, heldOut, { signal });
    const rows = [
      rowOf(teacher.name, all[0], teacherRate),
      rowOf(own.name, all[1], ownRate),
      rowOf(embedded.name, all[2], undefined),
    ];
    const [theirs, ours, before] = all.map(({ mean }) => mean);
    const counts = leaks.identical.length + leaks.nearlyIdentical.length;
    return {
      bank: bank.n,
      heldOut: heldOut.n,
      k,
      classes: judge.classes,
      rows,
      ...(ours && theirs && before && { lessTeacher: ours.less(theirs), lessEmbedded: ours.less(before) }),
      leaks: { identical: leaks.identical.length, nearlyIdentical: leaks.nearlyIdentical.length },
      notes: [
        smoothing === 0
          ? "agreement is with the teacher's features scaled to unit length, which are what is taught"
          : `agreement is with the teacher's features scaled to unit length; what is taught is half of them and half their mean over the ${smoothing} nearest training images`,
        "the training images were seen without their classes, the held-out images not at all; classes have a part in ROCAUC only",
        ...(judge.withoutRocAuc ? [judge.withoutRocAuc] : []),
        ...warnings(judge.classes, heldOutImages, rows[1]),
        ...(counts > 0 ? [String(leaks)] : []),
        ...advice(rows[1], rows[2], ours && before && ours.less(before)),
      ],
    };
  } finally {
    own.dispose();
    embedded.dispose();
  }
}

function rowOf(name: string, judged: Judged, rate: number | undefined): ReportRow {
  const interval = judged.mean?.interval();
  return {
    name,
    ...agreementOf(judged),
    ...(interval && { interval: [interval.low, interval.high] as const }),
    perClass: judged.perClass,
    ...(rate !== undefined && { imagesPerSecond: rate }),
  };
}

/**
 * Says when the training was for nothing.
 *
 * @param own - the new extractor
 * @param embedded - the package's own
 * @param less - ROCAUC of the new one less that of the package's own; undefined where there are no classes
 * @returns one sentence, or none
 */
export function advice(own: Agreement, embedded: Agreement, less: RocAucDifference | undefined): string[] {
  const remedy = "take that, or give more images or epochs";
  if (less) {
    return less.high < 0 ? [`the package's own extractor is the better one for these images: ${remedy}`] : [];
  }
  const agreesLess =
    own.rankCorrelation < embedded.rankCorrelation && own.neighborOverlap < embedded.neighborOverlap;
  return agreesLess
    ? [`the package's own extractor agrees more with the teacher than the new one: ${remedy}`]
    : [];
}

function warnings(classes: readonly string[], images: ImageSet, { interval }: ReportRow): string[] {
  if (!interval) return [];
  const counts = classes.map((name) => images.classCounts()[images.classNames.indexOf(name)]);
  const normal = Math.min(...counts);
  const [low, high] = interval;
  const warning = smallTestSetWarning(
    { low, high, level: 0.95 },
    { normal, anomalous: images.length - normal },
  );
  return warning ? [`in the smallest class: ${warning}`] : [];
}
