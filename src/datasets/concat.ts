import type { ImageBacking, ImageSet } from "./image-set.js";

/**
 * One backing over several image sets; classes of the same name become one.
 *
 * @param sets - the sets, in order
 * @returns their images one after another
 * @throws RangeError naming an id that occurs twice
 */
export function concatBackings(sets: readonly ImageSet[]): ImageBacking {
  const classNames = [...new Set(sets.flatMap((set) => set.classNames))];
  const ids = new Set<string>();
  const owners: { set: ImageSet; position: number }[] = [];
  const labels: number[] = [];
  for (const set of sets) {
    for (let position = 0; position < set.length; position++) {
      const id = set.ids[position];
      if (ids.has(id))
        throw new RangeError(`image sets that are joined must have different ids; ${id} occurs twice`);
      ids.add(id);
      owners.push({ set, position });
      const label = set.labels[position];
      labels.push(label < 0 ? -1 : classNames.indexOf(set.classNames[label]));
    }
  }
  return {
    classNames,
    labels,
    id: (i) => owners[i].set.ids[owners[i].position],
    source: (i) => owners[i].set.source(owners[i].position),
    mask: (i) => owners[i].set.mask(owners[i].position),
  };
}
