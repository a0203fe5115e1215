import { describe, expect, it } from "vitest";
import { Scores } from "../../src/scoring/index.js";

const scores = (...values: number[]) =>
  new Scores({
    values: Float64Array.from(values),
    ids: values.map((_, i) => `i${i}`),
    k: 1,
    description: "distance",
  });

describe("Scores", () => {
  it("rank images from the most anomalous, equal scores by position", () => {
    expect([...scores(1, 3, 2, 3, 0).rank()]).toEqual([1, 3, 2, 0, 4]);
    expect(scores().rank()).toHaveLength(0);
  });

  it("hand out a ranking of the caller's own", () => {
    const own = scores(1, 2);
    own.rank().fill(7);
    expect([...own.rank()]).toEqual([1, 0]);
  });

  it("refuse NaN and sizes that disagree", () => {
    expect(() => scores(1, Number.NaN)).toThrow("the score of image i1 is NaN");
    expect(() => new Scores({ values: Float64Array.of(1), ids: [], k: 1, description: "distance" })).toThrow(
      "got 1 scores and 0 ids",
    );
  });
});
