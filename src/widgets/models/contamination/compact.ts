import { formatNumber } from "../../../plots/number-format.js";
import { affordableNames } from "../image-names.js";
import { jsonBytes } from "../json-bytes.js";
import { CleanedSets, type NeighborLists } from "./cleaned-sets.js";
import type { ContaminationData } from "./data.js";

const fewestK = 2;
const fewestOfAKind = 2;

/**
 * A smaller form: names left out, then neighbors for the largest k, then test images. What is kept is exact for every rate
 * and fraction; ROCAUC stays that of all test images.
 *
 * @param data - what `contaminationData` made
 * @param maxBytes - bytes of JSON that it may take
 * @returns the smaller data, and what is missing in it
 */
export function compactContamination(
  data: ContaminationData,
  maxBytes: number,
): { data: ContaminationData; notes: string[] } {
  const images = affordableNames(data.images, maxBytes);
  let small: ContaminationData = { ...data, images };
  while (jsonBytes(small) > maxBytes && small.kMax > fewestK) small = withSmallerK(small, small.kMax - 1);
  const notes =
    small.kMax < data.kMax
      ? [`to stay small this page goes up to k = ${small.kMax} instead of ${data.kMax}`]
      : [];
  const bytes = jsonBytes(small);
  if (bytes <= maxBytes) return { data: small, notes };
  const rest = jsonBytes({ ...small, test: undefined, isAnomaly: undefined });
  const rows = someOfEachKind(data.isAnomaly, Math.max(0, maxBytes - rest) / (bytes - rest));
  return {
    data: {
      ...small,
      isAnomaly: Uint8Array.from(rows, (row) => data.isAnomaly[row]),
      test: someLists(small.test, rows),
      allTest: data.allTest ?? data.isAnomaly.length,
    },
    notes: [
      ...notes,
      `to stay small this page keeps ${formatNumber(rows.length)} of ${formatNumber(data.isAnomaly.length)} test images for its ROC curves; ROCAUC is that of all`,
    ],
  };
}

/** Without the neighbors that only a larger k needs. */
function withSmallerK(data: ContaminationData, kMax: number): ContaminationData {
  const { rates, cleaned } = data;
  const sets = new CleanedSets({ ...data, kMax });
  const uncleaned = rates.map((rate) => ({ mask: sets.mask(rate, 0, 1), k: kMax }));
  const cells = rates.length * cleaned.length;
  const areas = new Float64Array(3 * cells * kMax);
  for (let cell = 0; cell < cells; cell++) {
    const from = 3 * cell * data.kMax;
    areas.set(data.areas.subarray(from, from + 3 * kMax), 3 * cell * kMax);
  }
  return {
    ...data,
    kMax,
    areas,
    pool: neededLists(data.pool, uncleaned),
    test: neededLists(data.test, sets.parts()),
  };
}

function neededLists(
  { lengths, distances, indices }: NeighborLists,
  parts: readonly { readonly mask: Uint8Array; readonly k: number }[],
): NeighborLists {
  const needed = new Uint8Array(indices.length);
  const kept = new Int32Array(lengths.length);
  for (let i = 0, from = 0; i < lengths.length; from += lengths[i++]) {
    for (const { mask, k } of parts) {
      let left = k;
      for (let j = from; j < from + lengths[i] && left > 0; j++) {
        if (mask[indices[j]] === 0) continue;
        needed[j] = 1;
        left--;
      }
    }
    for (let j = from; j < from + lengths[i]; j++) kept[i] += needed[j];
  }
  const isNeeded = (_: number, j: number) => needed[j] === 1;
  return { lengths: kept, distances: distances.filter(isNeeded), indices: indices.filter(isNeeded) };
}

/** Rows evenly over the images of either kind. */
function someOfEachKind(isAnomaly: Uint8Array, share: number): Int32Array {
  const counts = [0, 0];
  for (const kind of isAnomaly) counts[kind]++;
  const wanted = counts.map((count) => Math.min(count, Math.max(fewestOfAKind, Math.floor(share * count))));
  const seen = [0, 0];
  return Int32Array.from(isAnomaly.keys()).filter((i) => {
    const kind = isAnomaly[i];
    const before = Math.floor((seen[kind] * wanted[kind]) / counts[kind]);
    return Math.floor((++seen[kind] * wanted[kind]) / counts[kind]) > before;
  });
}

function someLists({ lengths, distances, indices }: NeighborLists, rows: Int32Array): NeighborLists {
  const starts = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  const kept = Int32Array.from(rows, (row) => lengths[row]);
  const total = kept.reduce((sum, length) => sum + length, 0);
  const lists = { lengths: kept, distances: new Float32Array(total), indices: new Int32Array(total) };
  let at = 0;
  for (const row of rows) {
    lists.distances.set(distances.subarray(starts[row], starts[row + 1]), at);
    lists.indices.set(indices.subarray(starts[row], starts[row + 1]), at);
    at += lengths[row];
  }
  return lists;
}
