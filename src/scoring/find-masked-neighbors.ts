import { ProgressMeter } from "../core/progress.js";
import type { MatrixBackend } from "../engines/index.js";
import type { Features } from "../extractors/features.js";
import { NeighborIndex } from "../neighbors/neighbor-index.js";
import type { NeighborTable } from "../neighbors/neighbor-table.js";
import { MaskedNeighbors } from "./masked-neighbors.js";

/** A part of the training images and how many of them each image needs. */
export interface ForeseenPart {
  /** For each training image 1 where it belongs to the part. */
  readonly mask: Uint8Array;
  /** Number of neighbors. */
  readonly k: number;
}

const blockBytes = 64 * 1024 * 1024;
const bytesPerNeighbor = 12;

/**
 * Finds for each image every training image that is among its k nearest in one of several parts, and no other.
 *
 * Parts of about the same size are searched together, among the images that are in any of them, since few of the nearest
 * of all images are in a small part. Searches widen fourfold for the images whose list is not long enough yet, so that
 * the lists are exact for every part. Memory beyond the result and that of a search: the features of the images in a part,
 * and 64 MB or the row of one image if that is more.
 *
 * @param train - features of all training images
 * @param queries - the images; one that is itself a training image is not its own neighbor
 * @param parts - the parts to foresee, each with at least k images beside the image itself
 * @param options - `label`: of the progress; `matrix`: what multiplies; `signal`: aborts
 * @returns the lists
 * @throws Aborted when interrupted
 */
export async function findMaskedNeighbors(
  train: Features,
  queries: Features,
  parts: readonly ForeseenPart[],
  options: { readonly label?: string; readonly matrix?: MatrixBackend; readonly signal?: AbortSignal } = {},
): Promise<MaskedNeighbors> {
  const { label = "neighbors through masks", matrix, signal } = options;
  const groups = partsBySize(parts, train.n);
  const lists = Array.from({ length: queries.n }, () => new Map<number, number>());
  const meter = new ProgressMeter(label, queries.n * groups.length, "searches", signal);
  try {
    for (const group of groups) {
      const rows = rowsOfAny(group, train.n);
      const among = rows.length === train.n ? train : train.subset(rows);
      const narrowed = group.map(({ mask, k }) => ({ mask: Uint8Array.from(rows, (row) => mask[row]), k }));
      await searchTogether(new NeighborIndex(among, { matrix }), queries, narrowed, {
        meter,
        signal,
        keep: (query, index, distance) => lists[query].set(rows[index], distance),
      });
    }
  } finally {
    meter.close();
  }
  return join(lists);
}

/** Parts with more than half of all images, more than a quarter, and so on. */
function partsBySize(parts: readonly ForeseenPart[], n: number): ForeseenPart[][] {
  const groups = new Map<number, ForeseenPart[]>();
  for (const part of parts) {
    const size = part.mask.reduce((sum, one) => sum + one, 0);
    const key = Math.floor(Math.log2(n / Math.max(1, size)) + 1e-9);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  return [...groups.values()];
}

function rowsOfAny(parts: readonly ForeseenPart[], n: number): Int32Array {
  const any = new Uint8Array(n);
  for (const { mask } of parts) {
    for (let i = 0; i < n; i++) any[i] |= mask[i];
  }
  return Int32Array.from(any.keys()).filter((i) => any[i] === 1);
}

interface Search {
  readonly meter: ProgressMeter;
  readonly signal?: AbortSignal;
  keep(query: number, index: number, distance: number): void;
}

async function searchTogether(
  index: NeighborIndex,
  queries: Features,
  parts: readonly ForeseenPart[],
  { meter, signal, keep }: Search,
): Promise<void> {
  const own = new Set(index.train.ids);
  const available = index.train.n - Number(queries.ids.some((id) => own.has(id)));
  let pending = Int32Array.from({ length: queries.n }, (_, i) => i);
  let width = Math.min(available, 8 * Math.max(1, ...parts.map((part) => part.k)) + 16);
  while (pending.length > 0) {
    const rows = Math.max(1, Math.floor(blockBytes / (bytesPerNeighbor * width)));
    const short: number[] = [];
    for (let from = 0; from < pending.length; from += rows) {
      const block = pending.subarray(from, from + rows);
      const table = await index.search(queries.subset(block), width, { signal, excludeSelf: true });
      for (const [q, query] of block.entries()) {
        const { needed, isComplete } = neededNeighbors(table, q, parts);
        const isDone = isComplete || width === available;
        if (!isDone) short.push(query);
        for (let j = 0, at = q * width; j < width && isDone; j++, at++) {
          if (needed[j] === 1) keep(query, table.indices[at], table.distances[at]);
        }
        await meter.add(Number(isDone));
      }
    }
    pending = Int32Array.from(short);
    width = Math.min(available, 4 * width);
  }
}

/** Which neighbors of one image some part needs, and whether every part found as many as it needs. */
function neededNeighbors(
  table: NeighborTable,
  query: number,
  parts: readonly ForeseenPart[],
): { needed: Uint8Array; isComplete: boolean } {
  const indices = table.indices.subarray(query * table.kMax, (query + 1) * table.kMax);
  const needed = new Uint8Array(indices.length);
  let isComplete = true;
  for (const { mask, k } of parts) {
    let left = k;
    for (let j = 0; j < indices.length && left > 0; j++) {
      if (mask[indices[j]] === 0) continue;
      needed[j] = 1;
      left--;
    }
    if (left > 0) isComplete = false;
  }
  return { needed, isComplete };
}

/** Lists in order of distance, equal ones in order of their row. */
function join(lists: readonly Map<number, number>[]): MaskedNeighbors {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i] + list.size;
  });
  const indices = new Int32Array(starts[lists.length]);
  const distances = new Float64Array(starts[lists.length]);
  lists.forEach((list, i) => {
    const sorted = [...list].sort(([a, x], [b, y]) => x - y || a - b);
    sorted.forEach(([row, distance], j) => {
      indices[starts[i] + j] = row;
      distances[starts[i] + j] = distance;
    });
  });
  return new MaskedNeighbors({ starts, indices, distances });
}
