import { describe, expect, it } from "vitest";
import { LearningCurve } from "../../src/distillation/own-extractor/learning-curve.js";
import { plotLearningCurve } from "../../src/plots/index.js";
import { expectDrawn, texts } from "./golden.js";

const measured = (rankCorrelation: number, rocAuc?: number) => ({
  neighborOverlap: 0.5,
  rankCorrelation,
  ...(rocAuc === undefined ? {} : { rocAuc }),
});

describe("the figure of a learning curve", () => {
  const points = [
    { epoch: 0, measured: measured(0.4, 0.8) },
    { epoch: 1, loss: 1.25 },
    { epoch: 2, loss: 0.75, measured: measured(0.6, 0.9) },
  ];

  it("has loss, agreement and ROCAUC each on axes of its own, with the last values and the teacher's level", async () => {
    const figure = plotLearningCurve(new LearningCurve("mine", 6, points, 0.85));
    const [loss, agreement, rocAuc] = figure.data as { x: number[]; y: number[]; yaxis: string }[];
    expect([loss.x, loss.y]).toEqual([
      [1, 2],
      [1.25, 0.75],
    ]);
    expect([agreement.x, agreement.y]).toEqual([
      [0, 2],
      [0.4, 0.6],
    ]);
    expect(rocAuc.y).toEqual([80, 90]);
    expect(new Set([loss.yaxis, agreement.yaxis, rocAuc.yaxis]).size).toBe(3);
    await expectDrawn(figure, ["loss 0.750", "agreement 0.600", "ROCAUC (%) 90.0", "teacher 85.0"]);
    expect(texts(await figure.svg())).toContain("epoch 2 of 6");
    expect(figure.alt).toBe(
      "mine: epoch 2 of 6, loss 0.750, rank correlation with the teacher 0.600, ROCAUC 90.00 %; teacher 85.0 %",
    );
  });

  it("counts many epochs in full", async () => {
    const figure = plotLearningCurve(new LearningCurve("long", 100_000, points));
    await expectDrawn(figure, ["50,000", "100,000"]);
  });

  it("can be drawn before the first epoch, and without ROCAUC where images have no classes", async () => {
    const empty = plotLearningCurve(new LearningCurve("mine", 6, []));
    expect(empty.data).toHaveLength(2);
    expect(empty.alt).toBe("mine: not yet begun");
    await expectDrawn(empty, ["loss", "agreement"]);
  });
});
