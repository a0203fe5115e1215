import { integerIn } from "../core/options.js";
import { Random } from "../core/random.js";
import type { Features } from "../extractors/features.js";
import { findMaskedNeighbors } from "../scoring/find-masked-neighbors.js";
import { ContaminationPool } from "../scoring/index.js";
import { keptForNeighbors, type ScoredPart, whitenedParts } from "./contamination-whitened.js";
import { axisValues, type CurveResult, PointCollector } from "./curves.js";
import { type NormalClass, type ProtocolInputs, type ProtocolOptions, protocolInputs } from "./inputs.js";

/** Options of `contamination`. */
export interface ContaminationCurveOptions extends ProtocolOptions {
  /** Contamination rates, anomalies / all training images, from 0 to 0.5; default 0, 0.02, 0.05, 0.1, 0.2, 0.3 as far as there are anomalies. */
  readonly rates?: readonly number[];
  /** Cleaned fractions, from 0 (no cleaning) to 0.9; default 0 and 0.5. */
  readonly cleaned?: readonly number[];
  /** Draws of the anomalies, default 3. */
  readonly repeats?: number;
}

const usualRates = [0, 0.02, 0.05, 0.1, 0.2, 0.3];

/** What one draw of anomalies gives. */
interface Part {
  readonly rate: number;
  readonly fraction: number;
  readonly mask: Uint8Array;
}

/**
 * The experiment with a contaminated training set: unimodal, with training images of other classes mixed among those of the
 * normal one, without and with cleaning.
 *
 * For each class and draw, one search covers the largest rate; smaller rates and cleaned sets are read through masks. Whitened
 * features are others for every training set, by which they are whitened, and searched for each.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param options - rates, cleaned fractions, draws, k, distance, normalisation, classes, seed
 * @returns one curve for each cleaned fraction: mean ROCAUC for each contamination rate, with interval and spreads
 * @throws RangeError when a rate or fraction is out of range, other classes have too few images for the largest rate, or
 * cleaning leaves fewer than k images
 * @throws Aborted when interrupted
 * @see Bergman, Cohen and Hoshen 2020, section 4.4
 */
export async function contamination(
  train: Features,
  test: Features,
  options: ContaminationCurveOptions = {},
): Promise<CurveResult> {
  const { rates: wantedRates, cleaned: wantedFractions, repeats = 3, ...rest } = options;
  const inputs = protocolInputs("contamination", train, test, rest);
  integerIn("repeats", repeats, 1, 10_000);
  const within = (high: number) => (value: number) => value >= 0 && value <= high;
  const rates = axisValues(
    "rates",
    wantedRates ??
      usualRates.filter((rate) => inputs.classes.every((one) => rate <= largestRate(inputs, one))),
    within(0.5),
    "shares of anomalies among all training images, from 0 to 0.5",
  );
  for (const one of inputs.classes) checkRate(inputs, one, rates[rates.length - 1]);
  const fractions = axisValues(
    "cleaned",
    wantedFractions ?? [0, 0.5],
    within(0.9),
    "shares of the training images to remove, from 0 to 0.9",
  );
  const points = fractions.map(() => rates.map(() => new PointCollector()));
  const random = new Random(inputs.seed);
  for (let r = 0; r < repeats; r++) {
    for (const one of inputs.classes) {
      const pool = drawPool(inputs, one, rates[rates.length - 1], random.fork(`${one.name} ${r}`));
      const label = `contaminated ${one.name}, draw ${r + 1} of ${repeats}`;
      const scored =
        inputs.normalization === "whitened"
          ? await whitenedParts(inputs, pool, rates, fractions)
          : await maskedParts(inputs, pool, rates, fractions, label);
      for (const { rate, fraction, values } of scored) {
        points[fractions.indexOf(fraction)][rates.indexOf(rate)].add(
          r,
          values,
          one.isAnomaly,
          inputs.testImages.labels,
        );
      }
    }
  }
  return {
    xLabel: "contamination: anomalies / all training images",
    classes: inputs.classes.map(({ name }) => name),
    repeats,
    curves: fractions.map((fraction, f) => ({
      name:
        fraction === 0 ? "without cleaning" : `${Number((100 * fraction).toFixed(1))} % removed by cleaning`,
      points: rates.map((rate, i) => points[f][i].point(rate)),
    })),
    definitions: [
      "contamination = anomalies / all training images; anomalies are training images of the other classes, drawn at random and added to all training images of the normal class",
      "cleaning removes the stated share of the training images, those with the largest score inside the training set, itself excluded",
    ],
  };
}

function drawPool(
  { train }: ProtocolInputs,
  { rows }: NormalClass,
  maxRate: number,
  random: Random,
): ContaminationPool {
  const own = new Set(rows);
  const others = Array.from({ length: train.n }, (_, i) => i).filter((i) => !own.has(i));
  return new ContaminationPool(train.subset(rows), train.subset(others), random, { maxRate });
}

function largestRate({ train }: ProtocolInputs, { rows }: NormalClass): number {
  return (train.n - rows.length) / train.n;
}

function checkRate(inputs: ProtocolInputs, one: NormalClass, rate: number): void {
  const largest = largestRate(inputs, one);
  if (rate <= largest) return;
  throw new RangeError(
    `a contamination rate of ${rate} needs more anomalies than the ${inputs.train.n - one.rows.length} training images outside class ${one.name}; take rates up to ${Math.floor(largest * 100) / 100}`,
  );
}

/** The scores of the test images by every part, read through masks off one search. */
async function maskedParts(
  inputs: ProtocolInputs,
  pool: ContaminationPool,
  rates: readonly number[],
  fractions: readonly number[],
  label: string,
): Promise<ScoredPart[]> {
  const { k, scoring, signal } = inputs;
  const parts = await cleanedParts(inputs, pool, rates, fractions);
  const foreseen = parts.map(({ mask }) => ({ mask, k }));
  const lists = await findMaskedNeighbors(pool.features, inputs.test, foreseen, { label, signal });
  return parts.map(({ rate, fraction, mask }) => ({
    rate,
    fraction,
    values: lists.scores(mask, k, scoring).values,
  }));
}

async function cleanedParts(
  { k, scoring, signal }: ProtocolInputs,
  pool: ContaminationPool,
  rates: readonly number[],
  fractions: readonly number[],
): Promise<Part[]> {
  const { features } = pool;
  const whole = rates.map((rate) => {
    const size = pool.size(rate);
    return { rate, size, mask: Uint8Array.from({ length: features.n }, (_, i) => Number(i < size)) };
  });
  const isCleaned = fractions.some((fraction) => fraction > 0);
  const lists = isCleaned
    ? await findMaskedNeighbors(
        features,
        features,
        whole.map(({ mask }) => ({ mask, k })),
        { label: "scoring training images", signal },
      )
    : undefined;
  return whole.flatMap(({ rate, size, mask }) => {
    const own = lists?.scores(mask, k, scoring).values.subarray(0, size);
    return fractions.map((fraction) => {
      if (fraction === 0 || !own) return { rate, fraction, mask };
      const kept = keptForNeighbors(own, fraction, k);
      const cleaned = new Uint8Array(features.n);
      cleaned.set(kept);
      return { rate, fraction, mask: cleaned };
    });
  });
}
