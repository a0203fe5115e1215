import { describe, expect, it } from "vitest";
import type { Control, ExplorerModel } from "../../src/widgets/explorer-model.js";
import { fitSettings, fitValue, valueText } from "../../src/widgets/settings.js";

const k: Control = { type: "slider", name: "k", label: "k", min: 1, max: 64, step: 1 };
const share: Control = {
  type: "slider",
  name: "share",
  label: "share",
  min: 0,
  max: 1,
  step: 0.001,
  format: "percent",
};
const distance: Control = {
  type: "choice",
  name: "distance",
  label: "distance",
  options: [
    { value: "squared", label: "squared distance" },
    { value: "euclidean", label: "Euclidean distance" },
  ],
};
const model: ExplorerModel = {
  title: "Example",
  controls: [k, share, distance],
  defaults: { k: 2, share: 0.1, distance: "squared", image: 5 },
  view: () => ({ readouts: [], figures: [], galleries: [], notes: [] }),
};

describe("settings", () => {
  it.each([
    [k, 3.4, 3],
    [k, 0, 1],
    [k, 1000, 64],
    [k, Number.NaN, 2],
    [k, "3", 2],
    [share, 0.12345, 0.123],
    [share, 0.3, 0.3],
    [distance, "euclidean", "euclidean"],
    [distance, "cosine", "squared"],
  ] as const)("the nearest value of %j to %s is %s", (control, value, expected) => {
    expect(fitValue(control, value, model.defaults[control.name])).toBe(expected);
  });

  it("are completed and cut to those of the model, controls or not", () => {
    expect(fitSettings(model, { k: 99, image: 7, other: 1 })).toEqual({
      k: 64,
      share: 0.1,
      distance: "squared",
      image: 7,
    });
    expect(fitSettings(model, { image: "7" })).toEqual(model.defaults);
  });

  it("are written as people read them", () => {
    expect(valueText(k, 5)).toBe("5");
    expect(valueText(share, 0.05)).toBe("5.0 %");
    expect(valueText(distance, "euclidean")).toBe("Euclidean distance");
  });
});
