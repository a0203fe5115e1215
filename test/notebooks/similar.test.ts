import { describe, expect, it } from "vitest";
import { difference, withoutNumbers, withoutTimes } from "./similar.js";

describe("the comparison of notebook outputs", () => {
  it("allows small differences of numbers and nothing else", () => {
    expect(difference("ROCAUC 0.866", "ROCAUC 0.868")).toBeUndefined();
    expect(difference("median 533", "median 540")).toBeUndefined();
    expect(difference("ROCAUC 0.866", "ROCAUC 0.9")).toContain("0.866 <> 0.9");
    expect(difference("normal 3", "anomaly 3")).toContain("<>");
    expect(difference("1 2", "1")).toContain("<>");
  });

  it("can leave out all numbers, with their signs and widths", () => {
    expect(withoutNumbers("gain  +1.60 points [-0.1, 3e-2]")).toBe(withoutNumbers("gain -12 points [0, 3]"));
    expect(withoutNumbers("gain 1 point")).not.toBe(withoutNumbers("loss 1 point"));
  });

  it("takes out progress lines and durations", () => {
    expect(withoutTimes("a\nextracting x: 3 of 4 images, 5 images/s, 2 s left\ntook 3.5 s")).toBe(
      "a\ntook … s",
    );
  });
});
