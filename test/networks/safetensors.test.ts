import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { DataError } from "../../src/core/errors.js";
import {
  encodeSafetensors,
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from "../../src/networks/index.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-safetensors-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "file.safetensors");

function file(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

async function reason(bytes: Uint8Array): Promise<string> {
  writeFileSync(path, bytes);
  const error = await readSafetensors(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DataError);
  const { message } = error as DataError;
  expect(message.startsWith(`${path}: `)).toBe(true);
  expect(message).not.toMatch(/\n|\.\s|\.$/);
  return message.slice(path.length + 2);
}

const tensors = new Map<string, Tensor>([
  ["a", { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ["empty", { shape: [0, 4], data: new Float32Array(0) }],
  ["number", { shape: [], data: Float32Array.of(-0.5) }],
]);

test("what is written is read", async () => {
  await writeSafetensors(path, tensors, { metadata: { made: "by hand" } });
  const { tensors: read, metadata, hash } = await readSafetensors(path);
  expect(read).toEqual(tensors);
  expect(metadata).toEqual({ made: "by hand" });
  expect(hash).toBe(createHash("sha256").update(encodeSafetensors(tensors, { metadata })).digest("hex"));
  expect(readdirSync(folder)).toEqual(["file.safetensors"]);
});

test("float16 is rounded on writing and widened on reading", async () => {
  await writeSafetensors(path, new Map([["x", { shape: [3], data: Float32Array.of(0.1, -2, 70000) }]]), {
    dtype: "float16",
  });
  expect([...(await readSafetensors(path)).tensors.get("x")!.data]).toEqual([
    0.0999755859375,
    -2,
    Number.POSITIVE_INFINITY,
  ]);
});

test("float32 tensors share one array of bytes", async () => {
  await writeSafetensors(path, tensors);
  const { tensors: read } = await readSafetensors(path);
  expect(read.get("a")!.data.buffer).toBe(read.get("number")!.data.buffer);
});

test("all number types are widened, at any offset", async () => {
  const parts: [string, number[], ArrayBufferView][] = [
    ["BOOL", [1], Uint8Array.of(1)],
    ["F64", [2], Float64Array.of(0.1, -3)],
    ["I8", [1], Int8Array.of(-4)],
    ["F32", [1], Float32Array.of(1.5)],
    ["BF16", [1], Uint16Array.of(0x3fc0)],
    ["I64", [1], BigInt64Array.of(-7n)],
    ["U8", [1], Uint8Array.of(200)],
    ["I32", [1], Int32Array.of(-70000)],
    ["I16", [1], Int16Array.of(-300)],
    ["F16", [1], Uint16Array.of(0x4200)],
  ];
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [dtype, shape, { byteLength }] of parts) {
    header[dtype] = { dtype, shape, data_offsets: [end, end + byteLength] };
    end += byteLength;
  }
  const data = Buffer.concat(parts.map(([, , v]) => Buffer.from(v.buffer, v.byteOffset, v.byteLength)));
  writeFileSync(path, file(header, data));
  const { tensors: read } = await readSafetensors(path);
  expect(Object.fromEntries([...read].map(([name, { data }]) => [name, [...data]]))).toEqual({
    BOOL: [1],
    F64: [Math.fround(0.1), -3],
    I8: [-4],
    F32: [1.5],
    BF16: [1.5],
    I64: [-7],
    U8: [200],
    I32: [-70000],
    I16: [-300],
    F16: [3],
  });
});

const entry = (shape: unknown, begin: unknown, end: unknown, dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test.each<[string, Uint8Array, string | RegExp]>([
  [
    "empty",
    new Uint8Array(0),
    "a safetensors file must have at least 8 bytes; this one has 0, so fetch it again",
  ],
  [
    "a picture",
    Buffer.from("\x89PNG\r\n\x1a\n0000000000000", "latin1"),
    /^the header must have at most 100000000 bytes/,
  ],
  [
    "a cut header",
    file({}).subarray(0, 9),
    "the header must have 2 bytes but the file ends after 9; it is cut off, fetch it again",
  ],
  ["a web page", file("<html></html>"), /^the header must be JSON text/],
  ["no header", file(""), /^the header must be JSON text/],
  ["wrong UTF-8", Buffer.from('\x03\0\0\0\0\0\0\0"\xff"', "latin1"), /^the header must be JSON text/],
  ["a list", file([]), /^the header must be a JSON object/],
  ["null", file("null"), /^the header must be a JSON object/],
  ["a text as tensor", file({ a: "b" }), "tensor a must be described by dtype, shape and data_offsets"],
  [
    "an unknown type",
    file({ a: entry([1], 0, 1, "F8_E4M3") }),
    /^tensor a must have one of the types F64, .*; got "F8_E4M3"$/,
  ],
  ["a type of Object", file({ a: entry([1], 0, 1, "toString") }), /^tensor a must have one of the types/],
  ["no type", file({ a: { shape: [], data_offsets: [0, 4] } }), /got undefined$/],
  ["a negative size", file({ a: entry([-1], 0, 4) }), "tensor a must have a shape of integers from 0 on"],
  ["a huge size", file({ a: entry([2 ** 60], 0, 4) }), "tensor a must have a shape of integers from 0 on"],
  [
    "a product beyond counting",
    file({ a: entry([2 ** 52, 2 ** 52], 0, 4) }),
    /^tensor a of shape .* span 4$/,
  ],
  [
    "a shape that does not fit",
    file({ a: entry([3], 0, 4) }, new Uint8Array(4)),
    "tensor a of shape 3 and type F32 must have 12 bytes; its data_offsets span 4",
  ],
  [
    "begin after end",
    file({ a: entry([1], 4, 0) }),
    "tensor a must have two data_offsets, begin and end; got [4,0]",
  ],
  ["three offsets", file({ a: { ...entry([1], 0, 4), data_offsets: [0, 4, 8] } }), /two data_offsets/],
  [
    "beyond the end",
    file({ a: entry([2], 0, 8) }, new Uint8Array(4)),
    /^tensor a must end within the 4 bytes of data; it ends at 8, so the file is cut off/,
  ],
  [
    "overlap",
    file({ a: entry([2], 0, 8), b: entry([2], 4, 12) }, new Uint8Array(12)),
    "tensor b must not overlap tensor a; the file is damaged",
  ],
  [
    "a gap",
    file({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, new Uint8Array(12)),
    "tensor b must begin where tensor a ends, at 4; it begins at 8, so the file is damaged",
  ],
  [
    "bytes left over",
    file({ a: entry([1], 0, 4) }, new Uint8Array(9)),
    "the tensors must fill the file; 5 bytes follow the last one, so it is damaged",
  ],
  [
    "one name twice",
    file(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      new Uint8Array(2),
    ),
    "tensor a must begin where the header ends, at 0; it begins at 1, so the file is damaged",
  ],
  ["notes that are no texts", file({ __metadata__: { a: 1 } }), "the header's note a must be a text"],
  ["notes that are a list", file({ __metadata__: [] }), "the header's notes must be an object of texts"],
])("refused: %s", async (_name, bytes, message) => {
  const found = await reason(bytes);
  if (typeof message === "string") expect(found).toBe(message);
  else expect(found).toMatch(message);
});

test("a tensor may be called __proto__", async () => {
  writeFileSync(
    path,
    file('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', Uint8Array.of(9)),
  );
  expect([...(await readSafetensors(path)).tensors.keys()]).toEqual(["__proto__"]);
});

test("a missing file and a folder are refused", async () => {
  await expect(readSafetensors(join(folder, "none"))).rejects.toThrow(DataError);
  await expect(readSafetensors(folder)).rejects.toThrow(DataError);
});

test("a file cut at any byte is refused", async () => {
  const whole = encodeSafetensors(tensors);
  writeFileSync(path, whole);
  for (let size = whole.length - 1; size >= 0; size--) {
    truncateSync(path, size);
    await expect(readSafetensors(path)).rejects.toThrow(DataError);
  }
});

test("damaged bytes are either refused with a DataError or read within the shapes they state", async () => {
  const whole = encodeSafetensors(tensors, { metadata: { a: "b" } });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      }),
      async (changes) => {
        const damaged = whole.slice();
        for (const [at, byte] of changes) damaged[at] = byte;
        writeFileSync(path, damaged);
        try {
          for (const { shape, data } of (await readSafetensors(path)).tensors.values()) {
            expect(data.length).toBe(shape.reduce((product, n) => product * n, 1));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("any header of plausible parts is refused or read", async () => {
  const number = fc.oneof(
    fc.integer({ min: -2, max: 20 }),
    fc.constantFrom(2 ** 53, 1e308, 0.5, null, "4", []),
  );
  const description = fc.oneof(
    fc.record({
      dtype: fc.constantFrom("F32", "U8", "F16", "X", 7),
      shape: fc.oneof(fc.array(number, { maxLength: 3 }), number),
      data_offsets: fc.oneof(fc.array(number, { maxLength: 3 }), number),
    }),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), description), fc.nat(40), async (header, bytes) => {
      writeFileSync(path, file(header, new Uint8Array(bytes)));
      await readSafetensors(path).catch((error) => expect(error).toBeInstanceOf(DataError));
    }),
    { numRuns: 300 },
  );
});

test("a tensor whose numbers do not fit its shape is not written", async () => {
  const wrong = new Map([["a", { shape: [2], data: new Float32Array(3) }]]);
  await expect(writeSafetensors(path, wrong)).rejects.toThrow(
    "tensor a of shape 2 must have 2 numbers; got 3",
  );
  expect(() => encodeSafetensors(tensors, { type: "float16" } as never)).toThrow("unknown option type");
});
