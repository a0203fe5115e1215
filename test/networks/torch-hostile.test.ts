import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { readPickle } from "../../src/networks/torch/pickle.js";
import { torchZipTensors } from "../../src/networks/torch/torch-zip.js";
import { dictionaryWith, join, pickle, tensorOf } from "../helpers/pickle.js";
import { type ZipPart, zipOf } from "../helpers/zip.js";

const fail = (sentence: string) => new DataError(sentence);
const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
const plain = tensorOf({ count: 6, shape: [2, 3], stride: [3, 1] });

function archive(value: Uint8Array, change: Partial<ZipPart> = {}, others: ZipPart[] = []): Uint8Array {
  return zipOf([
    { name: "m/data.pkl", bytes: dictionaryWith(value) },
    { name: "m/data/0", bytes: numbers, ...change },
    ...others,
  ]);
}

function refusal(bytes: Uint8Array): string {
  try {
    torchZipTensors(bytes, fail);
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
  return "read";
}

test("an archive written by hand is read", () => {
  const tensor = torchZipTensors(archive(plain), fail).get("weight");
  expect(tensor?.shape).toEqual([2, 3]);
  expect([...(tensor?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
  const turned = tensorOf({ count: 6, offset: 1, shape: [2, 2], stride: [1, 2] });
  expect([...(torchZipTensors(archive(turned), fail).get("weight")?.data ?? [])]).toEqual([2, 4, 3, 5]);
});

test.each([
  ["os", "system"],
  ["builtins", "eval"],
  ["builtins", "getattr"],
  ["torch", "load"],
  ["torch.storage", "_load_from_bytes"],
  ["torch._utils", "_rebuild_tensor_v2.__globals__"],
  ["torch", "FloatStorage.__class__"],
  ["numpy.core.multiarray", "_reconstruct"],
  ["__main__", "constructor"],
  ["", "__proto__"],
])("the global %s.%s is refused by name", (module, name) => {
  const call = join(pickle.global(module, name), pickle.emptyTuple, pickle.reduce);
  expect(refusal(archive(call))).toMatch(
    `a checkpoint must build tensors only; its pickle asks for "${module}.${name}", which is refused and was not run`,
  );
});

test.each([
  [0x81, "NEWOBJ"],
  [0x92, "NEWOBJ_EX"],
  [0x69, "INST"],
  [0x6f, "OBJ"],
  [0x82, "EXT1"],
  [0x50, "PERSID"],
  [0x97, "NEXT_BUFFER"],
  [0x43, "SHORT_BINBYTES"],
  [0xff, "0xff"],
])("the instruction %i is refused as %s", (opcode, name) => {
  expect(refusal(archive(Uint8Array.of(opcode)))).toMatch(
    `its pickle uses the instruction ${name}, which is refused`,
  );
});

test("only torch's own calls are made", () => {
  const { global, emptyTuple, reduce, build, text, dict } = pickle;
  const ordered = global("collections", "OrderedDict");
  for (const odd of [
    join(global("torch", "FloatStorage"), emptyTuple, reduce),
    join(text("os.system"), emptyTuple, reduce),
    join(global("torch._utils", "_rebuild_parameter"), emptyTuple, reduce),
    join(global("torch._utils", "_rebuild_tensor_v2"), emptyTuple, reduce),
    join(ordered, emptyTuple, reduce, text("x"), build),
    join(dict, dict, build),
    join(text("storage"), pickle.persistentId),
    tensorOf({ count: 6, shape: [2, 3], stride: [3] }),
    tensorOf({ count: 6, shape: [2, -3], stride: [3, 1] }),
    tensorOf({ count: -6, shape: [2], stride: [1] }),
  ]) {
    expect(refusal(archive(odd))).toMatch(/refused/);
  }
});

test("a tensor outside its storage is refused, a huge one costs nothing until it is asked for", () => {
  const outside = tensorOf({ count: 6, offset: 1, shape: [2, 3], stride: [3, 1] });
  expect(refusal(archive(outside))).toBe(
    'tensor "weight" must lie in its storage of 6 numbers; it ends at 7, so the file is damaged',
  );
  const lying = tensorOf({ count: 7, shape: [7], stride: [1] });
  expect(refusal(archive(lying))).toMatch('its storage "0" must have 28 bytes; it has 24');
  const repeated = tensorOf({ count: 6, shape: [2 ** 20, 2 ** 30], stride: [0, 0] });
  expect(torchZipTensors(archive(repeated), fail).get("weight")?.shape).toEqual([2 ** 20, 2 ** 30]);
});

test("compressed parts are refused, whatever size they claim", () => {
  expect(refusal(archive(plain, { method: 8, size: 2 ** 31 }))).toMatch('its part "m/data/0" is compressed');
  expect(refusal(archive(plain, { size: 2 ** 31 }))).toMatch('its part "m/data/0" is compressed');
});

test.each(["../m/data/0", "/etc/passwd", "m/../../x", "C:\\x", "m\\..\\..\\x", "m/\0"])(
  "a part named %j, which leads outside, is refused",
  (name) => {
    expect(refusal(archive(plain, {}, [{ name, bytes: numbers }]))).toMatch(
      "a path that leads outside of it",
    );
  },
);

test("parts that are missing, doubled, misnamed, misplaced, encrypted or on top of each other are refused", () => {
  expect(refusal(archive(tensorOf({ count: 6, shape: [6], stride: [1], key: "../0" })))).toMatch(
    'its part "m/data/../0" is missing',
  );
  expect(refusal(archive(plain, {}, [{ name: "m/data/0", bytes: numbers }]))).toMatch(
    "it has two parts named",
  );
  expect(refusal(archive(plain, { localName: "m/data/1" }))).toMatch("has two names");
  expect(refusal(archive(plain, { offset: 1e6 }))).toMatch("lies outside the file");
  expect(refusal(archive(plain, { flags: 1 }))).toMatch("is encrypted");
  expect(refusal(archive(plain, { crc: 1 }))).toMatch("is damaged");
  const over = archive(plain, {}, [{ name: "m/data/0", bytes: numbers, localName: "m/data/0", offset: 0 }]);
  expect(refusal(over)).toMatch(/two names|two parts/);
  const big = { name: "n/data.pkl", bytes: dictionaryWith(plain) };
  expect(refusal(archive(plain, {}, [big]))).toMatch("must have one part data.pkl");
  expect(refusal(archive(plain, {}, [{ name: "m/byteorder", bytes: Buffer.from("big") }]))).toMatch(
    "little-endian",
  );
});

test("a part within another part is refused", () => {
  const inner = zipOf([{ name: "m/data/1", bytes: numbers }]);
  const parts: ZipPart[] = [
    { name: "m/data/0", bytes: inner },
    { name: "m/data/1", bytes: numbers, offset: 30 + "m/data/0".length },
  ];
  expect(refusal(zipOf(parts))).toMatch('its parts "m/data/0" and "m/data/1" overlap');
});

test("a pickle that is cut off anywhere ends with one sentence", () => {
  const whole = dictionaryWith(plain);
  for (let length = 0; length < whole.length; length++) {
    expect(() => readPickle(whole.subarray(0, length), fail)).toThrow(/cut off/);
  }
});

test("any bytes at all give a value or one sentence", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const random = join(pickle.start, bytes);
      try {
        readPickle(random, fail);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }),
    { numRuns: 2000 },
  );
  const whole = archive(plain);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(whole);
      damaged[at] ^= change;
      expect(refusal(damaged)).not.toMatch(/\n/);
    }),
    { numRuns: 2000 },
  );
});
