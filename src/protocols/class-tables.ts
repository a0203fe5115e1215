import { NeighborIndex, NeighborTable, searchParts } from "../neighbors/index.js";
import type { NormalClass, ProtocolInputs } from "./inputs.js";
import { whitenedBy } from "./normalization.js";

/** The neighbors of every test image among the training images of one class. */
export interface ClassTable extends NormalClass {
  /** Its indices are positions in `rows`. */
  readonly table: NeighborTable;
}

/**
 * Searches the training images of every class once; what an experiment needs is read off these tables.
 *
 * @param inputs - checked inputs
 * @param kMax - neighbors to keep; fewer where a class has fewer training images
 * @returns one table a class
 * @throws Aborted when interrupted
 */
export async function classTables(inputs: ProtocolInputs, kMax: number): Promise<ClassTable[]> {
  const { train, test, classes, normalization, signal } = inputs;
  if (normalization !== "whitened") {
    const parts = classes.map(({ rows }) => rows);
    const found = await searchParts(train, parts, test, kMax, { signal });
    return classes.map((one, i) => ({ ...one, table: found[i] }));
  }
  const tables: ClassTable[] = [];
  for (const one of classes) {
    const own = await whitenedBy(train.subset(one.rows), test, normalization, signal);
    const index = new NeighborIndex(own.train);
    const k = Math.min(kMax, one.rows.length);
    tables.push({ ...one, table: await index.search(own.test, k, { signal }) });
  }
  return tables;
}

/**
 * The nearest neighbors among several parts of the training images, from the tables of the parts.
 *
 * @param parts - tables of the same images, each with the training rows that its indices stand for
 * @param kMax - neighbors to keep, at most the smallest table's or what all parts hold together
 * @param trainIds - identifiers of all training images
 * @returns the table over all parts; equally near training images in order of their row
 */
export function mergeTables(
  parts: readonly Pick<ClassTable, "table" | "rows">[],
  kMax: number,
  trainIds: readonly string[],
): NeighborTable {
  const { n, queryIds } = parts[0].table;
  const distances = new Float64Array(n * kMax);
  const indices = new Int32Array(n * kMax);
  const heads = new Int32Array(parts.length);
  for (let i = 0; i < n; i++) {
    heads.fill(0);
    for (let j = 0; j < kMax; j++) {
      let best = -1;
      let [nearest, row] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let p = 0; p < parts.length; p++) {
        const { table, rows } = parts[p];
        if (heads[p] === table.kMax) continue;
        const at = i * table.kMax + heads[p];
        const candidate = rows[table.indices[at]];
        if (table.distances[at] < nearest || (table.distances[at] === nearest && candidate < row)) {
          best = p;
          nearest = table.distances[at];
          row = candidate;
        }
      }
      heads[best]++;
      distances[i * kMax + j] = nearest;
      indices[i * kMax + j] = row;
    }
  }
  return new NeighborTable({ kMax, distances, indices, queryIds, trainIds });
}
