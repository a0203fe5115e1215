import type { Features } from "../../extractors/features.js";
import { squaredDistance } from "../squared-distance.js";

const sameImage = 1e-4;

/**
 * The training row of each query that is the same image, found by id: equal images under other ids are not the same one.
 *
 * @param train - features of the training images
 * @param queries - features of the images searched for
 * @param exclude - false: none; true: by id alone; undefined: by id, and both rows must agree within 1 % of their length
 * @returns Int32Array: for each query a training row, or -1
 * @throws RangeError when an id stands for different features here and there and `exclude` is undefined
 */
export function selfRows(
  train: Pick<Features, "ids" | "row">,
  queries: Features,
  exclude: boolean | undefined,
): Int32Array {
  const self = new Int32Array(queries.n).fill(-1);
  if (exclude === false) return self;
  const asked = new Set(queries.ids);
  const rowOf = new Map<string, number>();
  for (let row = 0; row < train.ids.length; row++) {
    if (asked.has(train.ids[row])) rowOf.set(train.ids[row], row);
  }
  queries.ids.forEach((id, query) => {
    const row = rowOf.get(id);
    if (row === undefined) return;
    if (exclude === undefined && !agree(train.row(row), queries.row(query))) {
      throw new RangeError(
        `image ${id} is among the training images and the queries with different features; give different images different ids, or set excludeSelf to true (the same image) or false`,
      );
    }
    self[query] = row;
  });
  return self;
}

function agree(a: Float32Array, b: Float32Array): boolean {
  const zero = new Float32Array(a.length);
  const [apart, ofA, ofB] = [
    [a, b],
    [a, zero],
    [b, zero],
  ].map(([x, y]) => squaredDistance(x, 0, y, 0, a.length));
  return apart <= sameImage * Math.max(ofA, ofB);
}
