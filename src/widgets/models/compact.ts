import { checkOptions, integerIn } from "../../core/options.js";
import { formatNumber } from "../../plots/number-format.js";
import type { ExplorerData } from "../explorer-model.js";
import type { ExploreData } from "./explore/data.js";

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
  return compactExplore(data as ExploreData, maxBytes);
}

function compactExplore(data: ExploreData, maxBytes: number): CompactData {
  const { kMax, distances, indices } = data;
  const { testIds: _, ...images } = data.images;
  const n = distances.length / kMax;
  const rest = jsonBytes({ ...data, images, distances: [], indices: [] });
  const indexWidth = Math.min(data.indexWidth, neighborsToShow);
  const indexBytes = base64Bytes(n * indexWidth * bytesEach(data.trainCount));
  const room = maxBytes - rest - indexBytes;
  const kept = Math.max(1, Math.min(kMax, Math.floor(room / base64Bytes(4 * n))));
  const shown = Math.min(indexWidth, kept);
  return {
    data: {
      ...data,
      images,
      kMax: kept,
      distances: firstColumns(distances, kMax, kept, new Float32Array(n * kept)),
      indexWidth: shown,
      indices: firstColumns(indices, data.indexWidth, shown, new Int32Array(n * shown)),
    },
    notes:
      kept < kMax
        ? [
            `to stay small this page keeps ${formatNumber(kept)} of ${formatNumber(kMax)} neighbors an image, so k ends there; curves against k were computed from all`,
          ]
        : [],
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

/**
 * @param count - how many different values there are, from 0
 * @returns bytes of one value in the smallest of the usual forms
 */
export function bytesEach(count: number): number {
  return count <= 2 ** 8 ? 1 : count <= 2 ** 16 ? 2 : 4;
}

/**
 * @param bytes - a number of bytes
 * @returns characters of their base64 text
 */
export function base64Bytes(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}

/**
 * @param value - JSON in which typed arrays may stand
 * @returns bytes of its JSON with the arrays as base64, whole numbers in the smallest form that holds them and float64 as
 * float32
 */
export function jsonBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return 60 + base64Bytes(packedBytes(value));
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + jsonBytes(item) + 1, 2);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return entries.reduce((sum, [key, item]) => sum + jsonBytes(key) + jsonBytes(item) + 2, 2);
  }
  return new TextEncoder().encode(JSON.stringify(value) ?? "").length;
}

function packedBytes(array: ArrayBufferView): number {
  if (array instanceof Float64Array) return 4 * array.length;
  if (!(array instanceof Int32Array || array instanceof Uint32Array)) return array.byteLength;
  let [low, high] = [0, 0];
  for (const value of array) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return array.length * (low < 0 ? 4 : bytesEach(high + 1));
}
