import { describe, expect, it, vi } from "vitest";
import { Param } from "../../src/widgets/param.js";

describe("a Param", () => {
  it("tells its listeners the new value and the old one, once for each change", () => {
    const k = new Param("k", 2);
    const listener = vi.fn();
    const end = k.onChange(listener);
    k.value = 3;
    k.set(3);
    k.set(5);
    end();
    k.set(7);
    expect(listener.mock.calls).toEqual([
      [3, 2],
      [5, 3],
    ]);
    expect(k.value).toBe(7);
  });

  it("lets a listener go by off", () => {
    const k = new Param("k", 2);
    const listener = vi.fn();
    k.onChange(listener);
    k.off(listener);
    k.set(3);
    expect(listener).not.toHaveBeenCalled();
  });

  it("lets a listener set another value, which is the only one that the others hear of", () => {
    const k = new Param("k", 1);
    const heard: number[] = [];
    k.onChange((value) => {
      if (value % 2 === 1) k.set(value + 1);
    });
    k.onChange((value) => heard.push(value));
    k.set(5);
    expect(k.value).toBe(6);
    expect(heard).toEqual([6]);
  });

  it("tells the others when one listener fails, and then says so", () => {
    const k = new Param("k", 1);
    const other = vi.fn();
    k.onChange(() => {
      throw new Error("of the listener");
    });
    k.onChange(other);
    expect(() => k.set(2)).toThrow("of the listener");
    expect(other).toHaveBeenCalledOnce();
    expect(k.value).toBe(2);
  });

  it("has an identifier of its own", () => {
    expect(new Param("k", 1).id).not.toBe(new Param("k", 1).id);
  });

  it("shows itself as a line of text", () => {
    expect(String(new Param("k", 2))).toBe("Param k = 2");
  });

  it.each([
    [{ min: 1, max: 50, integer: true }, 60, "k must be an integer from 1 to 50; got 60"],
    [{ min: 1, max: 50, integer: true }, 2.5, "k must be an integer from 1 to 50; got 2.5"],
    [{ min: 0 }, -1, "k must be a number from 0 on; got -1"],
    [{ max: 1 }, 2, "k must be a number up to 1; got 2"],
  ])("refuses %j what is out of range: %s", (options, value, message) => {
    const k = new Param("k", 1, options);
    expect(() => k.set(value)).toThrow(new RangeError(message));
    expect(() => new Param("k", value, options)).toThrow(RangeError);
    expect(k.value).toBe(1);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "5", null, undefined])(
    "refuses %s for a number",
    (value) => {
      expect(() => new Param("k", 1).set(value as number)).toThrow(TypeError);
    },
  );

  it("has texts too, perhaps only some", () => {
    const distance = new Param<string>("distance", "squared", { choices: ["squared", "euclidean"] });
    distance.set("euclidean");
    expect(distance.value).toBe("euclidean");
    expect(() => distance.set("cosine")).toThrow(
      new RangeError("distance must be one of squared, euclidean; got cosine"),
    );
    expect(() => distance.set(3 as never)).toThrow(TypeError);
  });

  it("refuses options that it does not know", () => {
    expect(() => new Param("k", 1, { minimum: 1 } as never)).toThrow("unknown option minimum");
  });
});
