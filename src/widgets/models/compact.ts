import { checkOptions, integerIn } from "../../core/options.js";
import { formatNumber } from "../../plots/number-format.js";
import type { ExplorerData } from "../explorer-model.js";
import { compactContamination } from "./contamination/compact.js";
import type { ContaminationData } from "./contamination/data.js";
import type { ExploreData } from "./explore/data.js";
import type { GroupsData } from "./groups/data.js";
import { affordableNames } from "./image-names.js";
import { base64Bytes, bytesEach, jsonBytes } from "./json-bytes.js";

/** An explorer's data in a smaller form. */
export interface CompactData {
  /** What the model reads. */
  readonly data: ExplorerData;
  /** What was left out, in sentences; none where nothing was. */
  readonly notes: readonly string[];
}

const usualBytes = 1_200_000;
const neighborsToShow = 6;

/**
 * A form of an explorer's data for a notebook file: training rows of a few neighbors only and, where that is not enough,
 * fewer neighbors. What is kept is exact, and figures computed before stay as they are.
 *
 * @param data - what a data maker of this folder made
 * @param options - `maxBytes`: bytes of JSON that it may take with its arrays as base64, default 1,200,000
 * @returns the smaller data, and what is missing in it; at least one neighbor an image is kept, whatever that takes
 */
export function compactData(data: ExplorerData, options: { readonly maxBytes?: number } = {}): CompactData {
  checkOptions("compactData", options, ["maxBytes"]);
  const maxBytes = integerIn("maxBytes", options.maxBytes ?? usualBytes, 1, Number.MAX_SAFE_INTEGER);
  if (jsonBytes(data) <= maxBytes) return { data, notes: [] };
  if (data.kind === "contamination") return compactContamination(data as ContaminationData, maxBytes);
  if (data.kind === "groups") return compactGroups(data as GroupsData, maxBytes);
  return compactExplore(data as ExploreData, maxBytes);
}

function compactExplore(data: ExploreData, maxBytes: number): CompactData {
  const { kMax, distances } = data;
  const images = affordableNames(data.images, maxBytes);
  const n = distances.length / kMax;
  const rest = jsonBytes({ ...data, images, distances: [], indices: [] });
  const indexWidth = Math.min(data.indexWidth, neighborsToShow);
  const indexBytes = base64Bytes(n * indexWidth * bytesEach(data.trainCount));
  const room = maxBytes - rest - indexBytes;
  const kept = Math.max(1, Math.min(kMax, Math.floor(room / base64Bytes(4 * n))));
  return {
    data: { ...withNeighbors(data, kept, Math.min(indexWidth, kept)), images },
    notes:
      kept < kMax
        ? [
            `to stay small this page keeps ${formatNumber(kept)} of ${formatNumber(kMax)} neighbors an image, so k ends there; curves against k were computed from all`,
          ]
        : [],
  };
}

const groupsToShow = 3;

function compactGroups(data: GroupsData, maxBytes: number): CompactData {
  const { kMax } = data.sizes[0].tables[0];
  const kept = (k: number): GroupsData => ({
    ...data,
    sizes: data.sizes.map((one) => ({
      ...one,
      tables: one.tables.map((table) => withNeighbors(table, k, Math.min(k, groupsToShow))),
    })),
  });
  for (let k = kMax; ; k--) {
    const small = kept(k);
    if (k > 1 && jsonBytes(small) > maxBytes) continue;
    const notes = k < kMax ? [`to stay small this page goes up to k = ${k} instead of ${kMax}`] : [];
    return { data: small, notes };
  }
}

/** The nearest neighbors of each image only, with the training rows of even fewer. */
function withNeighbors(data: ExploreData, kept: number, shown: number): ExploreData {
  const { kMax, indexWidth, distances, indices } = data;
  const n = distances.length / kMax;
  return {
    ...data,
    kMax: kept,
    distances: firstColumns(distances, kMax, kept, new Float32Array(n * kept)),
    indexWidth: shown,
    indices: firstColumns(indices, indexWidth, shown, new Int32Array(n * shown)),
  };
}

/** Copies the first columns of a row-major matrix. */
function firstColumns<T extends Float32Array | Int32Array>(
  values: ArrayLike<number>,
  width: number,
  kept: number,
  target: T,
): T {
  for (let i = 0; i * kept < target.length; i++) {
    for (let j = 0; j < kept; j++) target[i * kept + j] = values[i * width + j];
  }
  return target;
}
