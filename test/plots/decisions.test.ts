import { describe, expect, it } from "vitest";
import { plotFalseAlarms, plotGain, plotPValues } from "../../src/plots/index.js";
import { hostile, isAnomaly } from "./examples.js";
import { expectDrawn, expectGolden } from "./golden.js";

const pValues = [0.9, 0.5, 0.3, 0.72, 0.11, 0.64, 0.01, 0.02, 0.01, 0.2, 0.03, 0.04];
const promised = [0.05, 0.1];
const heldOut = {
  name: "held out",
  promised,
  kept: [
    [0.04, 0.06, 0.05],
    [0.08, 0.1, 0.12],
  ],
};
const difference = (x: number, value: number) => ({
  x,
  comparison: { difference: value, low: value - 0.01, high: value + 0.01 },
});
const gains = [difference(0.1, 0.03), difference(0, -0.005)];

const cases = {
  "p-values": {
    draw: () => plotPValues(pValues, isAnomaly, { subtitle: "twelve images" }),
    labels: ["normal", "anomaly", "p-value (small = more anomalous)", "5 % in every bin: uniform"],
  },
  "p-values-unlabelled": {
    draw: () => plotPValues(pValues),
    labels: ["all images", "12 images, 41.7 % at most 0.05"],
  },
  "false-alarms": {
    draw: () => plotFalseAlarms([heldOut, { ...heldOut, name: "leave-one-out" }]),
    labels: ["held out", "leave-one-out", "as promised", "Promised false-alarm rate (% of normal images)"],
  },
  gain: {
    draw: () => plotGain(gains, { xLabel: "contamination", name: "gain of cleaning" }),
    labels: ["gain of cleaning", "Gain in ROCAUC (points)", "Contamination"],
  },
};

describe.each(Object.entries(cases))("the figure %s", (name, { draw, labels }) => {
  it("has the specification that was approved", async () => expectGolden(name, draw()));
  it("is drawn whole, with its labels and without complaint", async () => expectDrawn(draw(), labels));
});

describe("figures of decisions", () => {
  it("say in words what they show", () => {
    expect(plotGain(gains, { xLabel: "rate" }).alt).toBe(
      "Gain in ROCAUC: -0.50 points [-1.50, +0.50] at 0; +3.00 points [+2.00, +4.00] at 0.1",
    );
    expect(plotFalseAlarms([heldOut]).alt).toContain("held out: kept 5.00 % for 5 %, 10.00 % for 10 %");
    expect(plotPValues(pValues, isAnomaly).alt).toContain("normal: 6 images, 0.0 % at most 0.05; anomaly: 6");
  });

  it("bring no markup from names", () => {
    for (const figure of [
      plotFalseAlarms([{ ...heldOut, name: hostile }]),
      plotGain(gains, { xLabel: hostile, name: hostile }),
    ]) {
      const specification = JSON.stringify({ data: figure.data, layout: figure.layout });
      expect(specification).not.toMatch(/<(?!\/?b>|br>|extra>|\/extra>)/);
    }
  });

  it("refuse what they cannot draw", () => {
    expect(() => plotPValues([])).toThrow("at least one p-value; got none");
    expect(() => plotPValues([0.5, 1.5])).toThrow("number 1 is 1.5");
    expect(() => plotPValues([0.5], [0, 1])).toThrow("1 scores and 2 values");
    expect(() => plotGain([], { xLabel: "rate" })).toThrow("at least one difference; got none");
    expect(() => plotFalseAlarms([])).toThrow("at least one curve; got none");
    expect(() => plotFalseAlarms([{ ...heldOut, kept: [] }])).toThrow("got 2 rates and 0 lists");
    expect(() => plotPValues([0.5], undefined, { colour: "red" } as object)).toThrow("unknown option colour");
  });
});
