import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pack, packText, unpack } from "../../src/widgets/packed.js";

const value = {
  kind: "explore",
  nested: [{ distances: Float64Array.of(1, 2.5), none: null }, "text"],
  indices: Int32Array.of(3, 70_000),
  flags: Uint8Array.of(0, 1),
  left: undefined,
};
const { left: _, ...whole } = value;

describe("packed data", () => {
  it("comes back whole with its bytes beside it", () => {
    const { tree, buffers } = pack(value);
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
    expect(unpack(JSON.parse(JSON.stringify(tree)), buffers)).toEqual(whole);
  });

  it("comes back from bytes at any place of a larger buffer", () => {
    const { tree, buffers } = pack(value);
    const views = buffers.map((bytes) => {
      const room = new Uint8Array(bytes.length + 3);
      room.set(bytes, 3);
      return new DataView(room.buffer, 3);
    });
    expect(unpack(tree, views)).toEqual(whole);
  });

  it("is text in a notebook file, with whole numbers in the smallest form", () => {
    const text = JSON.stringify(packText(value));
    expect(unpack(JSON.parse(text))).toEqual({
      ...whole,
      nested: [{ distances: Float64Array.of(1, 2.5), none: null }, "text"],
      indices: Int32Array.of(3, 70_000),
    });
    expect(unpack(packText(Int32Array.of(0, 255)))).toEqual(Uint8Array.of(0, 255));
    expect(unpack(packText(Int32Array.of(0, 256)))).toEqual(Uint16Array.of(0, 256));
    expect(unpack(packText(Int32Array.of(-1, 2)))).toEqual(Int32Array.of(-1, 2));
  });

  it("keeps whole numbers exactly", () => {
    fc.assert(
      fc.property(fc.int32Array(), (numbers) => {
        expect(Array.from(unpack(packText(numbers)) as Int32Array)).toEqual(Array.from(numbers));
      }),
    );
  });

  it("refuses arrays that it does not know", () => {
    expect(() => pack({ big: BigInt64Array.of(1n) })).toThrow(
      "an explorer's data cannot hold a BigInt64Array",
    );
    expect(() => unpack({ $typed: "constructor", base64: "" })).toThrow(TypeError);
    expect(() => unpack({ $typed: "Float64Array", base64: "AAAA" })).toThrow(TypeError);
  });
});
