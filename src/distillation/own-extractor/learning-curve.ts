import { Displayable } from "../../core/display.js";
import type { Agreement } from "./judge.js";

/** One point of a learning curve. */
export interface LearningCurvePoint {
  /** Number of the epoch; 0 is what the student starts from. */
  readonly epoch: number;
  /** Mean loss over the epoch's images: the share of the teacher's variance that is not explained; none before the first. */
  readonly loss?: number;
  /** Measured on held-out images; absent where it was not measured. */
  readonly measured?: Agreement;
}

/** How a training goes, as a figure that grows while it runs. */
export class LearningCurve extends Displayable {
  /**
   * @param title - what is trained
   * @param epochs - how many epochs there will be
   * @param points - so far, by epoch
   * @param teacherRocAuc - of the same images, where they have classes
   */
  constructor(
    readonly title: string,
    readonly epochs: number,
    readonly points: readonly LearningCurvePoint[],
    readonly teacherRocAuc?: number,
  ) {
    super();
  }

  toString(): string {
    const last = this.points.at(-1);
    return `${this.title}: ${last ? describePoint(last, this.epochs) : "not yet begun"}`;
  }
}

/**
 * A point in words.
 *
 * @param point - the point
 * @param epochs - how many epochs there will be
 * @returns one line
 */
export function describePoint({ epoch, loss, measured }: LearningCurvePoint, epochs: number): string {
  return [
    epoch === 0 ? "before training" : `epoch ${epoch} of ${epochs}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(measured === undefined
      ? []
      : [
          `rank correlation with the teacher ${measured.rankCorrelation.toFixed(3)}`,
          ...(measured.rocAuc === undefined ? [] : [`ROCAUC ${(100 * measured.rocAuc).toFixed(2)} %`]),
        ]),
  ].join(", ");
}
