import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/index.js";
import { calibrateByLeavingOneOut } from "../scoring/decisions/leave-one-out.js";
import { type EnsembleMember, ensembleScores } from "../scoring/ensemble.js";
import { type CurvePoint, PointCollector } from "./curves.js";
import { type ProtocolOptions, protocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";

/**
 * One point of an ablation: the unimodal experiment with the scores of several extractors combined, each on the scale that the
 * leave-one-out scores of its normal training images give. Beyond the published method.
 *
 * @param members - features of the same training and test images by each extractor
 * @param label - the value that was taken
 * @param options - k, distance, normalisation, classes
 * @returns mean ROCAUC with interval
 * @throws RangeError when k is not below a class's training images, or ROCAUC is undefined
 * @throws Aborted when interrupted
 */
export async function ensemblePoint(
  members: readonly { readonly train: Features; readonly test: Features }[],
  label: string,
  options: ProtocolOptions,
): Promise<{ point: CurvePoint; classes: readonly string[] }> {
  const inputs = members.map(({ train, test }) => protocolInputs("ablation", train, test, options));
  const [{ classes, k, scoring, signal, testImages }] = inputs;
  const collector = new PointCollector();
  for (const [c, { isAnomaly }] of classes.entries()) {
    const scored: EnsembleMember[] = [];
    for (const one of inputs) {
      const own = one.train.subset(one.classes[c].rows);
      const { train, test } = await whitenedBy(own, one.test, one.normalization, signal);
      const table = await new NeighborIndex(train).search(test, k, { signal });
      const calibration = await calibrateByLeavingOneOut(train, { k, ...scoring, signal });
      scored.push({ scores: table.scores(k, scoring), calibration });
    }
    collector.add(0, ensembleScores(scored).values, isAnomaly, testImages.labels);
  }
  return { point: collector.point(label), classes: classes.map(({ name }) => name) };
}
