import { DataError } from "../core/errors.js";
import { runExperiment } from "./run.js";
import { type ExperimentName, experimentNames, type RunContent } from "./run-content.js";
import type { RunOptions } from "./run-options.js";

/** Outcome of computing a record's figures again. */
export interface RecordCheck {
  /** Whether nothing differs. */
  readonly isEqual: boolean;
  /** Number of figures that were compared. */
  readonly figures: number;
  /** Largest difference of a figure, as a fraction of one. */
  readonly largestDifference: number;
  /** What differs, a sentence each. */
  readonly differences: readonly string[];
}

const tolerance = 5e-4;

/**
 * Runs the experiment of a record again and compares every ROCAUC, average precision and false positive rate with its interval,
 * and the hashes of images and weights.
 *
 * Figures are equal where they differ by at most 0.05 points, which other processors and engines can cause; false positive rates,
 * which are counted in normal images, also where they differ by one image.
 *
 * @param record - content of a record, as a notebook holds it
 * @param options - `cache`: where kept features may come from, default nowhere: then everything is computed again; `signal`: aborts
 * @returns what differs
 * @throws DataError when the record lacks what is needed to run it again
 * @throws Aborted when interrupted
 */
export async function checkRecord(
  record: RunContent,
  options: Pick<RunOptions, "cache" | "signal"> = {},
): Promise<RecordCheck> {
  const asked = record.options;
  const isKnown = (experimentNames as readonly string[]).includes(record.experiment);
  if (!isKnown || typeof asked?.dataset !== "string" || typeof asked.extractor !== "string") {
    throw new DataError(
      "a record can be checked when it names its experiment and holds the options it was made with; this one does not: make it anew",
    );
  }
  const again = await runExperiment(record.experiment as ExperimentName, {
    ...(asked as unknown as RunOptions),
    cache: false,
    ...options,
  });
  return compareRecords(record, again.content);
}

/**
 * Compares the figures and hashes of two records.
 *
 * @param before - content of a record
 * @param now - content of another of the same experiment and options
 * @returns what differs
 */
export function compareRecords(before: RunContent, now: RunContent): RecordCheck {
  const differences: string[] = [];
  for (const [what, then, today] of [
    ["images", before.dataset.contentHash, now.dataset.contentHash],
    ["weights", before.extractor.weightsHash, now.extractor.weightsHash],
    ["number of training images", before.dataset.train, now.dataset.train],
    ["number of test images", before.dataset.test, now.dataset.test],
  ] as const) {
    if (then !== today) differences.push(`${what}: ${short(then)} in the record, ${short(today)} now`);
  }
  const [then, today] = [figuresOf(before), figuresOf(now)];
  let largestDifference = 0;
  for (const [name, { value, step }] of then) {
    const other = today.get(name);
    if (other === undefined) {
      differences.push(`${name}: in the record only`);
      continue;
    }
    const difference = Math.abs(value - other.value);
    largestDifference = Math.max(largestDifference, difference);
    if (!(difference <= tolerance + step)) {
      differences.push(
        `${name}: ${(100 * value).toFixed(2)} in the record, ${(100 * other.value).toFixed(2)} now`,
      );
    }
  }
  for (const name of today.keys()) if (!then.has(name)) differences.push(`${name}: missing in the record`);
  return { isEqual: differences.length === 0, figures: then.size, largestDifference, differences };
}

interface CheckedFigure {
  readonly value: number;
  /** The smallest step of a figure that is counted in images, else 0. */
  readonly step: number;
}

function figuresOf({ rocAuc, varied }: RunContent): Map<string, CheckedFigure> {
  const figures = new Map<string, CheckedFigure>();
  const add = (name: string, value: number, interval: readonly number[], step = 0) => {
    figures.set(name, { value, step });
    interval.forEach(
      (end, i) =>
        void figures.set(`${name}, ${i === 0 ? "low" : "high"} end of its interval`, { value: end, step }),
    );
  };
  for (const one of rocAuc?.perClass ?? []) {
    add(one.class, one.value, one.interval);
    const { averagePrecision: precision, falsePositiveRate: falseAlarms } = one;
    add(`${one.class}, average precision`, precision.value, precision.interval);
    add(
      `${one.class}, FPR at 95 % TPR`,
      falseAlarms.value,
      falseAlarms.interval,
      1 / Math.max(1, one.normalTestImages),
    );
  }
  if (rocAuc) add("mean", rocAuc.mean, rocAuc.interval);
  for (const { name, points } of varied?.curves ?? []) {
    for (const { x, value, interval } of points) add(`${name} at ${x}`, value, interval);
  }
  return figures;
}

function short(value: string | number): string {
  return String(value).slice(0, 12);
}
