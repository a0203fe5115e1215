import { Displayable } from "../../core/display.js";
import { checkOptions } from "../../core/options.js";
import type { Scores } from "../scores.js";
import { benjaminiHochberg } from "./benjamini-hochberg.js";
import type { Calibration } from "./calibration.js";

/** What is decided about one image. */
export interface Decision {
  /** Identifier of the image. */
  readonly id: string;
  /** Its anomaly score. */
  readonly score: number;
  /** Its conformal p-value. */
  readonly pValue: number;
  /** Whether it is called an anomaly. */
  readonly isCalledAnomaly: boolean;
}

/** How to decide: exactly one of the two. */
export interface DecisionOptions {
  /** Share of normal images that may be called anomalies, each image by itself. */
  readonly falseAlarmRate?: number;
  /** Share of the images called anomalies that may be normal, all images together (Benjamini and Hochberg). */
  readonly falseDiscoveryRate?: number;
}

/** Decisions about a set of images, most anomalous first. */
export class DecisionList extends Displayable {
  /**
   * @param decisions - one an image, most anomalous first
   * @param rule - how it was decided, for people
   */
  constructor(
    readonly decisions: readonly Decision[],
    readonly rule: string,
  ) {
    super();
  }

  /** Images that are called anomalies. */
  get anomalies(): readonly Decision[] {
    return this.decisions.filter(({ isCalledAnomaly }) => isCalledAnomaly);
  }

  /** @returns the list as CSV with a heading: image, score, p_value, anomaly (1 or 0); names are quoted where needed */
  toCsv(): string {
    const rows = this.decisions.map(({ id, score, pValue, isCalledAnomaly }) =>
      [quoted(id), score, pValue, Number(isCalledAnomaly)].join(","),
    );
    return `${["image,score,p_value,anomaly", ...rows].join("\n")}\n`;
  }

  override toString(): string {
    return `DecisionList: ${this.anomalies.length} of ${this.decisions.length} images are called anomalies, ${this.rule}`;
  }
}

/**
 * Decides about images by their scores.
 *
 * @param scores - scores of the images
 * @param calibration - normal scores of the same reference, k and distance
 * @param options - a false-alarm rate, or a false discovery rate
 * @returns the decisions, most anomalous first
 * @throws TypeError when not exactly one rate is given
 * @throws RangeError when the rate is out of range, or too small for the number of normal scores
 */
export function decide(scores: Scores, calibration: Calibration, options: DecisionOptions): DecisionList {
  checkOptions("decide", options, ["falseAlarmRate", "falseDiscoveryRate"]);
  const { falseAlarmRate, falseDiscoveryRate } = options;
  if ((falseAlarmRate === undefined) === (falseDiscoveryRate === undefined)) {
    throw new TypeError("decide needs either a falseAlarmRate or a falseDiscoveryRate; give exactly one");
  }
  const pValues = calibration.pValues(scores.values);
  let isCalled: (image: number) => boolean;
  if (falseAlarmRate !== undefined) {
    const { value } = calibration.threshold(falseAlarmRate);
    isCalled = (image) => scores.values[image] > value;
  } else {
    const { isDiscovery } = benjaminiHochberg(pValues, falseDiscoveryRate as number);
    isCalled = (image) => isDiscovery[image] === 1;
  }
  const decisions = Array.from(scores.rank(), (image) => ({
    id: scores.ids[image],
    score: scores.values[image],
    pValue: pValues[image],
    isCalledAnomaly: isCalled(image),
  }));
  const rule =
    falseAlarmRate === undefined
      ? `at most ${percent(falseDiscoveryRate as number)} of them normal on average`
      : `at most ${percent(falseAlarmRate)} of normal images on average`;
  return new DecisionList(decisions, rule);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}

/** A text that starts like a formula is marked as text, so that a spreadsheet does not compute it. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
