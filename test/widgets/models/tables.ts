import { Random } from "../../../src/core/random.js";
import { NeighborTable } from "../../../src/neighbors/neighbor-table.js";
import type { ExplorerView } from "../../../src/widgets/explorer-model.js";

/**
 * A made-up table whose anomalies lie farther away, and its ground truth.
 *
 * @param n - number of test images
 * @param kMax - neighbors an image
 * @param seed - source of chance
 * @returns the table and 1 for each anomaly
 */
export function madeUpTable(
  n: number,
  kMax: number,
  seed: string | number,
): { table: NeighborTable; isAnomaly: Uint8Array } {
  const random = new Random(seed);
  const trainCount = Math.max(kMax, 30);
  const isAnomaly = Uint8Array.from({ length: n }, (_, i) =>
    i < 4 ? i % 2 : Number(random.uniform() < 0.4),
  );
  const distances = new Float64Array(n * kMax);
  const indices = new Int32Array(n * kMax);
  for (let i = 0; i < n; i++) {
    let distance = Math.exp(0.4 * random.normal() + 0.5 * isAnomaly[i]);
    random.sample(trainCount, kMax).forEach((row, j) => {
      distance += 0.2 * random.uniform();
      distances[i * kMax + j] = distance;
      indices[i * kMax + j] = row;
    });
  }
  const queryIds = Array.from({ length: n }, (_, i) => `test/${i}.png`);
  const trainIds = Array.from({ length: trainCount }, (_, i) => `train/${i}.png`);
  return { table: new NeighborTable({ kMax, distances, indices, queryIds, trainIds }), isAnomaly };
}

/**
 * @param view - what an explorer shows
 * @returns its rows of images with neither classes nor names in the captions, which a small page may lack
 */
export function withoutNames({ galleries }: ExplorerView) {
  return galleries.map(({ tiles, ...gallery }) => ({
    ...gallery,
    tiles: tiles.map(({ name: _, caption, ...tile }) => ({ ...tile, caption: caption.split(" · ").pop() })),
  }));
}
