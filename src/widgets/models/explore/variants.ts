import type { DistanceKind, ScoreOptions, ScoreStatistic } from "../../../neighbors/neighbor-table.js";
import type { ChoiceControl, SliderControl } from "../../explorer-model.js";

/** Scores that rank images differently: the largest distance ranks alike, squared or not. */
export type Variant = "squared mean" | "euclidean mean" | "kth";

/** How the scores of each variant are made. */
export const variants: readonly { readonly name: Variant; readonly score: ScoreOptions }[] = [
  { name: "squared mean", score: {} },
  { name: "euclidean mean", score: { distance: "euclidean" } },
  { name: "kth", score: { statistic: "kth" } },
];

/**
 * @param distance - which distance
 * @param statistic - what is made of the k distances
 * @returns the variant that ranks images like this
 */
export function variantOf(distance: DistanceKind, statistic: ScoreStatistic): Variant {
  return statistic === "kth" ? "kth" : `${distance} mean`;
}

/** Chooses the distance. */
export const distanceControl: ChoiceControl = {
  type: "choice",
  name: "distance",
  label: "distance",
  options: [
    { value: "squared", label: "squared" },
    { value: "euclidean", label: "Euclidean" },
  ],
};

/** Chooses what is made of the k distances. */
export const statisticControl: ChoiceControl = {
  type: "choice",
  name: "statistic",
  label: "score",
  options: [
    { value: "mean", label: "mean of the k distances" },
    { value: "kth", label: "k-th distance" },
  ],
};

/**
 * @param kMax - neighbors kept an image
 * @returns the slider of k
 */
export function kControl(kMax: number): SliderControl {
  return { type: "slider", name: "k", label: "k", min: 1, max: kMax, step: 1 };
}
