import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Codec } from "../../kernel/wire/codec.js";
import { toJson } from "../../kernel/wire/json.js";

const frames = (codec: Codec, content: unknown, buffers: Uint8Array[] = []): Buffer[] =>
  codec.encode({ type: "t", content: toJson(content), identities: [Buffer.from("id")], buffers });

describe("messages", () => {
  it("come back as they were sent, with identities and buffers", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.uint8Array()), fc.string(), (value, buffers, key) => {
        const message = new Codec(key).decode(frames(new Codec(key), { value }, buffers));
        expect(message.content).toEqual(JSON.parse(JSON.stringify({ value })));
        expect(message.buffers.map((b) => [...b])).toEqual(buffers.map((b) => [...b]));
        expect(Buffer.from(message.identities[0]).toString()).toBe("id");
        expect(message.header.msg_type).toBe("t");
      }),
      { numRuns: 50 },
    );
  });

  it("are refused when any signed part was changed, unsigned, cut or sent twice", () => {
    const sent = frames(new Codec("key"), { a: 1 });
    const codec = new Codec("key");
    for (let part = 2; part < 7; part++) {
      const changed = sent.map((frame, index) => (index === part ? Buffer.from(`${frame} `) : frame));
      expect(() => codec.decode(changed)).toThrow(/signature/);
    }
    expect(() => codec.decode(frames(new Codec(""), { a: 1 }))).toThrow(/signature/);
    expect(() => codec.decode(sent.slice(0, 5))).toThrow(/five parts/);
    expect(() => codec.decode([Buffer.from("noise")])).toThrow(/delimiter/);
    codec.decode(sent);
    expect(() => codec.decode(sent)).toThrow(/twice/);
  });
});

it("writes binary data as base64, typed arrays as lists and big integers as text", () => {
  const value = {
    a: new Uint8Array([1, 2, 3]),
    b: Float32Array.of(0.5, 2),
    c: 10n,
    d: Buffer.from("x"),
    e: undefined,
  };
  expect(JSON.parse(toJson(value))).toEqual({ a: "AQID", b: [0.5, 2], c: "10", d: "eA==" });
});
