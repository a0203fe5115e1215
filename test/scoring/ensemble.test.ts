import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { Features } from "../../src/extractors/index.js";
import { rocAuc } from "../../src/metrics/index.js";
import { NeighborIndex } from "../../src/neighbors/index.js";
import { Calibration } from "../../src/scoring/decisions/calibration.js";
import { calibrateByLeavingOneOut } from "../../src/scoring/decisions/leave-one-out.js";
import { ensembleScores } from "../../src/scoring/ensemble.js";
import { Scores } from "../../src/scoring/index.js";

function scoresOf(values: readonly number[], ids = values.map((_, i) => `image ${i}`)): Scores {
  return new Scores({ values: Float64Array.from(values), ids, k: 2, description: "distance" });
}

describe("an ensemble", () => {
  const first = { scores: scoresOf([1, 3]), calibration: new Calibration([0, 1, 2]) };
  const second = { scores: scoresOf([500, 100]), calibration: new Calibration([100, 200, 300]) };

  it("averages z-scores under the normal scores of each member", () => {
    expect([...ensembleScores([first, second]).values]).toEqual([(0 + 3) / 2, (2 - 1) / 2]);
    expect([...ensembleScores([first, second], { combine: "max" }).values]).toEqual([3, 2]);
  });

  it("does not depend on the scale and the origin of a member", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), fc.integer({ min: -99, max: 99 }), (raw, a, b) => {
        const ids = raw.map((_, i) => String(i));
        const plain = { scores: scoresOf(raw, ids), calibration: new Calibration([1, 5, 7]) };
        const moved = {
          scores: scoresOf(
            raw.map((x) => a * x + b),
            ids,
          ),
          calibration: new Calibration([1, 5, 7].map((x) => a * x + b)),
        };
        const other = {
          scores: scoresOf(
            raw.map((x) => x * x),
            ids,
          ),
          calibration: new Calibration([0, 9]),
        };
        const [one, two] = [ensembleScores([plain, other]), ensembleScores([moved, other])];
        one.values.forEach((value, i) => void expect(two.values[i]).toBeCloseTo(value, 8));
      }),
    );
  });

  it("of two members that see different anomalies beats either", async () => {
    const random = new Random(3);
    const n = 200;
    const isAnomaly = Array.from({ length: n }, (_, i) => i % 2);
    const members = await Promise.all(
      [0, 1].map(async (m) => {
        const draw = (shift: number) => [random.normal() + shift, random.normal(), random.normal()];
        const normal = Features.fromRows(Array.from({ length: 100 }, () => draw(0)));
        const test = Features.fromRows(
          isAnomaly.map((label, i) => draw(label === 1 && (i >> 1) % 2 === m ? 5 : 0)),
          { ids: isAnomaly.map((_, i) => String(i)) },
        );
        const table = await new NeighborIndex(normal).search(test, 2);
        return { scores: table.scores(2), calibration: await calibrateByLeavingOneOut(normal) };
      }),
    );
    const together = rocAuc(ensembleScores(members).values, isAnomaly);
    for (const { scores } of members)
      expect(together).toBeGreaterThan(rocAuc(scores.values, isAnomaly) + 0.05);
  });

  it("says what is wrong with its members", () => {
    expect(() => ensembleScores([first])).toThrow(/at least two members; got 1/);
    expect(() => ensembleScores([first, { ...second, scores: scoresOf([1]) }])).toThrow(
      /member 1 has 1 images, the first 2/,
    );
    expect(() => ensembleScores([first, { ...second, scores: scoresOf([1, 2], ["image 0", "x"]) }])).toThrow(
      /member 1 has image 1 is x, the first image 1/,
    );
    expect(() => ensembleScores([first, { ...second, calibration: new Calibration([4]) }])).toThrow(
      /those of member 1 do not/,
    );
    expect(() => ensembleScores([first, second], { combine: "sum" as never })).toThrow(
      /choose from mean, max/,
    );
  });
});
