import { checkOptions, oneOf } from "../core/options.js";
import type { Calibration } from "./decisions/calibration.js";
import { Scores } from "./scores.js";

/** One of several scores of the same images. */
export interface EnsembleMember {
  /** Scores of the images by one extractor. */
  readonly scores: Scores;
  /** Scores of normal images by the same extractor, for example from `calibrateByLeavingOneOut(train)`. */
  readonly calibration: Calibration;
}

/**
 * Combines scores of the same images, for example of several networks. Each is brought to one scale by the normal images alone,
 * z = (score - mean of the normal scores) / their standard deviation, and the z are averaged or the largest is taken; no test
 * label and no other test image plays a part. Beyond the published method.
 *
 * z and not p-values: those of a calibration by n normal images end at 1 / (n + 1), where all clear anomalies would tie.
 *
 * @param members - at least two, with scores of the same images in the same order
 * @param options - `combine`: "mean" (default), or "max": anomalous for one is anomalous
 * @returns the combined scores
 * @throws RangeError when there are fewer than two members, images differ, or a member's normal scores do not vary
 */
export function ensembleScores(
  members: readonly EnsembleMember[],
  options: { readonly combine?: "mean" | "max" } = {},
): Scores {
  checkOptions("ensembleScores", options, ["combine"]);
  const combine = oneOf("way to combine scores", options.combine ?? "mean", ["mean", "max"]);
  if (members.length < 2)
    throw new RangeError(`an ensemble needs at least two members; got ${members.length}`);
  const { ids, k } = members[0].scores;
  const standardized = members.map(({ scores, calibration }, m) => {
    const differs = ids.findIndex((id, i) => scores.ids[i] !== id);
    if (scores.length !== ids.length || differs >= 0) {
      const which =
        scores.length === ids.length
          ? `image ${differs} is ${scores.ids[differs]}`
          : `${scores.length} images`;
      throw new RangeError(
        `the members of an ensemble must score the same images in the same order; member ${m} has ${which}, the first ${scores.length === ids.length ? ids[differs] : ids.length}`,
      );
    }
    const normal = calibration.scores;
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (normal.length - 1);
    if (!(variance > 0)) {
      throw new RangeError(
        `an ensemble needs normal scores that vary to compare its members; those of member ${m} do not: calibrate with more images`,
      );
    }
    return scores.values.map((value) => (value - mean) / Math.sqrt(variance));
  });
  const values = Float64Array.from(ids, (_, i) => {
    const all = standardized.map((one) => one[i]);
    return combine === "max" ? Math.max(...all) : all.reduce((sum, z) => sum + z, 0) / all.length;
  });
  const how = combine === "max" ? "largest" : "mean";
  return new Scores({
    values,
    ids,
    k,
    description: `${how} standardized score of ${members.length} members`,
  });
}
