import { describe, expect, it } from "vitest";
import { Calibration } from "../../../src/scoring/decisions/calibration.js";
import { decide } from "../../../src/scoring/decisions/decide.js";
import { Scores } from "../../../src/scoring/index.js";

const scores = new Scores({
  values: Float64Array.of(1, 30, 8, 2.5),
  ids: ["a.png", 'odd, "name".png', "=SUM(A1).png", "d.png"],
  k: 2,
  description: "mean squared distance to 2 nearest",
});
const calibration = new Calibration(Array.from({ length: 19 }, (_, i) => i / 2));

describe("decisions", () => {
  it("list images from the most anomalous on, those above the threshold called", () => {
    const list = decide(scores, calibration, { falseAlarmRate: 0.1 });
    expect(list.decisions.map(({ id }) => id)).toEqual(['odd, "name".png', "=SUM(A1).png", "d.png", "a.png"]);
    expect(list.anomalies.map(({ pValue }) => pValue)).toEqual([0.05]);
    expect(String(list)).toBe(
      "DecisionList: 1 of 4 images are called anomalies, at most 10 % of normal images on average",
    );
  });

  it("become CSV that a spreadsheet reads as it is meant", () => {
    const [heading, first, second] = decide(scores, calibration, { falseAlarmRate: 0.1 }).toCsv().split("\n");
    expect(heading).toBe("image,score,p_value,anomaly");
    expect(first).toBe('"odd, ""name"".png",30,0.05,1');
    expect(second).toBe("'=SUM(A1).png,8,0.2,0");
  });

  it("keep a false discovery rate over all images", () => {
    expect(decide(scores, calibration, { falseDiscoveryRate: 0.2 }).anomalies).toHaveLength(1);
    expect(decide(scores, calibration, { falseDiscoveryRate: 0.45 }).anomalies).toHaveLength(2);
  });

  it("need exactly one rate", () => {
    expect(() => decide(scores, calibration, {})).toThrow(/exactly one/);
    expect(() => decide(scores, calibration, { falseAlarmRate: 0.1, falseDiscoveryRate: 0.1 })).toThrow(
      TypeError,
    );
  });
});
