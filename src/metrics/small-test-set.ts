import type { RocAucInterval } from "./delong.js";

const wide = 0.1;
const few = 20;

/**
 * Says when a test set is too small to tell methods apart: the interval is wider than 10 points, or a kind has fewer than
 * 20 images.
 *
 * @param interval - ROCAUC with its interval
 * @param counts - number of normal and of anomalous test images
 * @returns one sentence, or undefined where the test set is large enough
 */
export function smallTestSetWarning(
  interval: Pick<RocAucInterval, "low" | "high" | "level">,
  counts: { readonly normal: number; readonly anomalous: number },
): string | undefined {
  const { low, high, level } = interval;
  const { normal, anomalous } = counts;
  if (high - low <= wide && Math.min(normal, anomalous) >= few) return undefined;
  const images = `${normal} normal and ${anomalous} anomalous test images`;
  const share = Number((100 * level).toPrecision(4));
  return high > low
    ? `too few test images to tell small differences: with ${images} the ${share} % interval of ROCAUC spans ${(100 * (high - low)).toFixed(1)} points`
    : `too few test images: all ${images} are in order, which leaves no interval although chance may have helped`;
}
