import type { RocAucInterval } from "./delong.js";

const wide = 0.1;
const few = 20;

/**
 * Says when test images, or what was drawn, are too few for the points of a curve: the widest interval is wider than 10 points, or one has no width.
 *
 * @param curves - curves whose points have 95 % intervals, as fractions
 * @returns one sentence, or undefined where the test images are enough
 */
export function wideCurveWarning(
  curves: readonly { readonly points: readonly { readonly interval: readonly [number, number] }[] }[],
): string | undefined {
  const widths = curves.flatMap(({ points }) => points.map(({ interval: [low, high] }) => high - low));
  if (widths.some((width) => width === 0))
    return "too few test images: a point has no interval although chance may have helped";
  const widest = Math.max(0, ...widths);
  if (widest <= wide) return undefined;
  return `too few test images, or draws, to tell small differences: the 95 % interval of a point spans up to ${(100 * widest).toFixed(1)} points`;
}

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
