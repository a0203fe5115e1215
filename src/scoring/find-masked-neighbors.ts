import { ProgressMeter } from "../core/progress.js";
import type { Features } from "../extractors/features.js";
import type { NeighborIndex } from "../neighbors/neighbor-index.js";
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
 * Searches widen fourfold for the images whose list is not long enough yet, so that the lists are exact for every part.
 * Memory beyond the result and that of a search: 64 MB, or the row of one image if that is more.
 *
 * @param index - all training images
 * @param queries - the images; one that is itself a training image is not its own neighbor
 * @param parts - the parts to foresee, each with at least k images beside the image itself
 * @param options - `label`: of the progress; `signal`: aborts
 * @returns the lists
 * @throws Aborted when interrupted
 */
export async function findMaskedNeighbors(
  index: NeighborIndex,
  queries: Features,
  parts: readonly ForeseenPart[],
  options: { readonly label?: string; readonly signal?: AbortSignal } = {},
): Promise<MaskedNeighbors> {
  const { label = "reading neighbors through masks", signal } = options;
  const own = new Set(index.train.ids);
  const available = index.train.n - Number(queries.ids.some((id) => own.has(id)));
  const lists = new Array<NeighborList>(queries.n);
  let pending = Int32Array.from({ length: queries.n }, (_, i) => i);
  let width = Math.min(available, 8 * Math.max(1, ...parts.map((part) => part.k)) + 16);
  const meter = new ProgressMeter(label, queries.n, "images", signal);
  try {
    while (pending.length > 0) {
      const rows = Math.max(1, Math.floor(blockBytes / (bytesPerNeighbor * width)));
      const short: number[] = [];
      for (let from = 0; from < pending.length; from += rows) {
        const block = pending.subarray(from, from + rows);
        const table = await index.search(queries.subset(block), width, { signal, excludeSelf: true });
        for (const [q, query] of block.entries()) {
          const { list, isComplete } = neededNeighbors(table, q, parts);
          if (isComplete || width === available) lists[query] = list;
          else short.push(query);
          await meter.add(isComplete ? 1 : 0);
        }
      }
      pending = Int32Array.from(short);
      width = Math.min(available, 4 * width);
    }
  } finally {
    meter.close();
  }
  return join(lists);
}

interface NeighborList {
  readonly indices: Int32Array;
  readonly distances: Float64Array;
}

/** The neighbors of one image that some part needs, and whether every part found as many as it needs. */
function neededNeighbors(
  table: NeighborTable,
  query: number,
  parts: readonly ForeseenPart[],
): { list: NeighborList; isComplete: boolean } {
  const [from, to] = [query * table.kMax, (query + 1) * table.kMax];
  const indices = table.indices.subarray(from, to);
  const distances = table.distances.subarray(from, to);
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
  const isNeeded = (_: number, j: number) => needed[j] === 1;
  return { list: { indices: indices.filter(isNeeded), distances: distances.filter(isNeeded) }, isComplete };
}

function join(lists: readonly NeighborList[]): MaskedNeighbors {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i] + list.indices.length;
  });
  const indices = new Int32Array(starts[lists.length]);
  const distances = new Float64Array(starts[lists.length]);
  lists.forEach((list, i) => {
    indices.set(list.indices, starts[i]);
    distances.set(list.distances, starts[i]);
  });
  return new MaskedNeighbors({ starts, indices, distances });
}
