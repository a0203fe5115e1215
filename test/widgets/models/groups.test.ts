import { describe, expect, it } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { Random } from "../../../src/core/random.js";
import { ImageSet } from "../../../src/datasets/image-set.js";
import { Features } from "../../../src/extractors/features.js";
import { rocAucInterval } from "../../../src/metrics/index.js";
import { NeighborIndex, NeighborTable } from "../../../src/neighbors/index.js";
import { poolGroups } from "../../../src/scoring/index.js";
import { compactData, createModel, type GroupsData, groupsData } from "../../../src/widgets/models/index.js";

setProgressListener(() => {});
const random = new Random("groups");

/** Points with whole coordinates about the middle of their class. */
function points(name: string, labels: readonly number[], classNames = ["0", "1"]): Features {
  const draw = (label: number, j: number) => Math.round((j === label ? 12 : 0) + 8 * random.normal());
  const ids = labels.map((_, i) => `${name}${i}`);
  const pixel = { width: 1, height: 1, channels: 1, data: new Uint8Array(1) } as never;
  const images = ImageSet.fromImages(name, new Array(labels.length).fill(pixel), { ids, labels, classNames });
  return Features.fromRows(
    labels.map((label) => [draw(label, 0), draw(label, 1), draw(label, 2)]),
    { ids, images },
  );
}

const train = points("r", new Array(40).fill(0));
const labels = Array.from({ length: 60 }, (_, i) => Number(i >= 30));
const test = points("t", labels);
const data = await groupsData(train, test, labels, { maxSize: 4, count: 50, kMax: 3, seed: 5 });
const model = createModel(data);

const rowsOf = (flat: Int32Array, size: number) =>
  Array.from({ length: flat.length / size }, (_, g) => Array.from(flat.subarray(g * size, (g + 1) * size)));

describe("the model of exploreGroups", () => {
  it("shows what pooling and searching the groups gives, for every size, pooling and k", async () => {
    expect(model.controls.map((control) => control.name)).toEqual([
      "size",
      "pooling",
      "k",
      "distance",
      "statistic",
      "called",
    ]);
    const isAnomaly = Uint8Array.from({ length: 100 }, (_, i) => Number(i >= 50));
    for (const group of data.sizes) {
      for (const pooling of ["mean", "max", "concatenation"] as const) {
        const asked = poolGroups(test, rowsOf(group.test, group.size), pooling);
        const reference = poolGroups(train, rowsOf(group.train, group.size), pooling);
        const exact = await new NeighborIndex(reference).search(asked, 3, { excludeSelf: false });
        const table = new NeighborTable({ ...exact, distances: exact.distances.map(Math.fround) });
        for (const k of [1, 3]) {
          const { rocAuc, low, high } = rocAucInterval(table.scores(k).values, isAnomaly);
          const { readouts, figures } = model.view({ size: group.size, pooling, k });
          expect(readouts[0]).toEqual({
            label: "ROCAUC",
            value: `${(100 * rocAuc).toFixed(1)} %`,
            detail: `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %, 95 % interval (DeLong)`,
          });
          expect(figures.map((figure) => figure.name)).toEqual(["auc", "scores", "roc"]);
          const lines = figures[0].data.slice(3, 6) as { x: number[]; y: number[] }[];
          const i = data.poolings.indexOf(pooling);
          expect(lines[i].x).toEqual([1, 2, 3, 4]);
          expect(lines[i].y[group.size - 1]).toBeCloseTo(100 * rocAuc, 4);
        }
      }
    }
  });

  it("makes normal groups of normal images and anomalous ones with the share of anomalies", () => {
    for (const { size, test: rows } of data.sizes) {
      const groups = rowsOf(rows, size);
      expect(
        groups
          .slice(0, 50)
          .flat()
          .every((i) => labels[i] === 0),
      ).toBe(true);
      const strangers = Math.max(1, Math.round(size / 2));
      for (const group of groups.slice(50)) {
        expect(new Set(group).size).toBe(size);
        expect(group.filter((i) => labels[i] === 1)).toHaveLength(strangers);
      }
    }
  });

  it("is the same for the same seed", async () => {
    const options = { maxSize: 2, count: 10 };
    const [a, b, c] = await Promise.all(
      [5, 5, 6].map((seed) => groupsData(train, test, labels, { ...options, seed })),
    );
    expect(b).toEqual(a);
    expect(c.sizes[0].test).not.toEqual(a.sizes[0].test);
  });

  it("shows the images of the most anomalous groups, of false alarms and of misses", () => {
    const { galleries } = model.view({ size: 3, pooling: "mean", called: 0.5 });
    expect(galleries.map((gallery) => gallery.name)).toEqual(["most", "falseAlarms", "misses"]);
    const groups = rowsOf(data.sizes[2].test, 3);
    const members = galleries[0].tiles.slice(0, 3).map((tile) => tile.index);
    expect(groups.some((group) => group.join() === members.join())).toBe(true);
    expect(galleries[0].tiles[0].caption).toMatch(/^1: [\d.,]+ · [01]$/);
    expect(
      galleries[0].tiles.every((tile) => tile.frame === (labels[tile.index] ? "anomaly" : "normal")),
    ).toBe(true);
    expect(galleries[1].tiles.every((tile) => tile.frame === "normal")).toBe(true);
  });

  it("explains a group that was clicked by its reference groups", () => {
    const settings = { size: 3, pooling: "mean", k: 2 };
    const { tiles } = model.view(settings).galleries[0];
    const explained = model.explain!(tiles[1], settings)!;
    const { readouts, galleries, figures } = explained.view(explained.defaults);
    expect(readouts[0]).toMatchObject({ label: "group", value: expect.stringMatching(/^number \d+$/) });
    expect(galleries[0].tiles.map((tile) => tile.index)).toEqual(tiles.slice(0, 3).map((tile) => tile.index));
    expect(galleries[1].tiles).toHaveLength(9);
    expect(galleries[1].tiles.every((tile) => tile.set === "train")).toBe(true);
    expect(figures).toHaveLength(2);
    expect(JSON.stringify(figures)).not.toContain("image");
    expect(model.explain!({ set: "train", index: 0, caption: "" }, settings)).toBeUndefined();
  });

  it("follows the published rule without a ground truth", async () => {
    const classes = ["cat", "dog", "<i>ox</i>"];
    const many = (name: string) =>
      points(
        name,
        Array.from({ length: 30 }, (_, i) => i % 3),
        classes,
      );
    const own = await groupsData(many("r"), many("t"), undefined, { count: 20, kMax: 1 });
    expect(own.sizes.map((one) => one.size)).toEqual([2, 3]);
    const classOf = (row: number) => row % 3;
    for (const { size, test: rows, train: reference } of own.sizes) {
      const different = (group: number[]) => new Set(group.map(classOf)).size;
      expect(rowsOf(reference, size).every((group) => different(group) === size)).toBe(true);
      const groups = rowsOf(rows, size);
      expect(groups.slice(0, 20).every((group) => different(group) === size)).toBe(true);
      expect(groups.slice(20).every((group) => different(group) < size)).toBe(true);
    }
    const view = createModel(own).view({});
    expect(view.notes[0]).toContain("a normal group has one image of each of as many classes");
    expect(view.galleries[0].tiles[0]).not.toHaveProperty("frame");
    expect(JSON.stringify(view.figures)).not.toContain("ox");
  });

  it("becomes smaller with fewer neighbors and says so", () => {
    const { data: small, notes } = compactData(data, { maxBytes: 20_000 });
    const { kMax } = (small as GroupsData).sizes[0].tables[0];
    expect(kMax).toBeLessThan(3);
    expect(notes).toEqual([`to stay small this page goes up to k = ${kMax} instead of 3`]);
    const chosen = { size: 2, pooling: "max", k: kMax, called: 0.3 };
    const [before, after] = [model, createModel(small)].map((one) => one.view(chosen));
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });

  it("refuses what it cannot use with one sentence", async () => {
    const fails = (promise: Promise<unknown>, message: string) => expect(promise).rejects.toThrow(message);
    await fails(groupsData(train, test, [0, 1]), "one label for each of the 60 test images; got 2");
    await fails(groupsData(train, test, labels, { maxSize: 21 }), "maxSize must be an integer from 1 to 20");
    await fails(groupsData(train, test, labels, { share: 0 }), "share must be above 0");
    await fails(groupsData(train, test, labels, { share: 2 }), "share must be a share from 0 to 1");
    await fails(groupsData(train, test, labels, { count: 1 }), "count must be an integer from 2");
    await fails(groupsData(train, test, labels, { kMax: 400 }), "from 1 to 300 (reference groups); got 400");
    await fails(
      groupsData(train, test, labels, { poolings: ["median" as never] }),
      "unknown pooling: median",
    );
    await fails(groupsData(train, test, labels, { size: 3 } as never), "unknown option size");
    await fails(
      groupsData(train, test),
      "at least two classes with two training and two test images each; got 1",
    );
    await fails(groupsData(train, test, labels, { signal: AbortSignal.abort() }), "interrupted");
  });
});
