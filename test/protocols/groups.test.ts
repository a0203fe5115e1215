import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { anomalyShareGroups, fixedClassGroups } from "../../src/protocols/groups/group-rules.js";
import { groups } from "../../src/protocols/index.js";
import { clouds } from "./points.js";

const names = ["a", "b", "c"];
const train = clouds("train", 40, names, 1);
const test = clouds("test", 30, names, 2);
const classes = [
  [0, 1, 2, 3],
  [10, 11, 12, 13],
  [20, 21, 22, 23],
];

describe("the rules for groups", () => {
  it("make normal groups of one image of each class, and anomalous ones that are not", () => {
    const { groups: made, isAnomaly } = fixedClassGroups(classes, 200, new Random(1));
    expect(made).toHaveLength(400);
    made.forEach((group, g) => {
      const kinds = new Set(group.map((row) => Math.floor(row / 10)));
      expect(new Set(group).size).toBe(3);
      expect(kinds.size === 3).toBe(isAnomaly[g] === 0);
    });
    expect(new Set(made.slice(0, 200).map(([first]) => Math.floor(first / 10))).size).toBe(3);
  });

  it("put the stated share of other images, at least one, into anomalous groups", () => {
    for (const [share, size, expected] of [
      [0.5, 4, 2],
      [0.1, 4, 1],
      [1, 3, 3],
    ]) {
      const { groups: made, isAnomaly } = anomalyShareGroups(
        classes[0],
        [...classes[1], ...classes[2]],
        size,
        { share, count: 50 },
        new Random(2),
      );
      made.forEach((group, g) => {
        expect(new Set(group).size).toBe(size);
        expect(group.filter((row) => row >= 10).length).toBe(isAnomaly[g] === 1 ? expected : 0);
      });
    }
  });
});

describe("the groups experiment", () => {
  it("gives a curve for each way of pooling, the same for the same seed", async () => {
    const options = { sizes: [2, 3], count: 40, repeats: 2, seed: 1 };
    const result = await groups(train, test, options);
    expect(result.curves.map(({ name }) => name)).toEqual(["mean", "max", "concatenation"]);
    expect(result.curves[0].points.map(({ x }) => x)).toEqual([2, 3]);
    expect(result.curves[0].points[0].overSeeds).toBeGreaterThanOrEqual(0);
    expect(await groups(train, test, options)).toEqual(result);
    expect((await groups(train, test, { ...options, seed: 2 })).curves).not.toEqual(result.curves);
  });

  it("finds groups with many strangers more surely than groups with one, and larger groups by their mean", async () => {
    const run = async (share: number, size: number) => {
      const options = { rule: "anomaly-share", sizes: [size], poolings: ["mean"], count: 60, share } as const;
      return (await groups(train, test, options)).curves[0].points[0].value;
    };
    expect(await run(1, 8)).toBeGreaterThan(await run(0.1, 8));
    expect(await run(1, 8)).toBeGreaterThan(await run(1, 1));
  });

  it("refuses sizes that the rule does not allow, and names that it does not know", async () => {
    await expect(groups(train, test, { sizes: [1] })).rejects.toThrow(/from 2 to 3 .*; got 1/);
    await expect(groups(train, test, { sizes: [21], rule: "anomaly-share" })).rejects.toThrow(/from 1 to 20/);
    await expect(groups(train, test, { rule: "odd" as never })).rejects.toThrow(/unknown rule: odd/);
    await expect(groups(train, test, { poolings: ["sum" as never] })).rejects.toThrow(/unknown pooling: sum/);
    await expect(groups(train, test, { share: 0 })).rejects.toThrow(/share must be above 0/);
  });
});
