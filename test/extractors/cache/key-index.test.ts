import fc from "fast-check";
import { expect, test } from "vitest";
import { imageKeys } from "../../../src/extractors/cache/image-key.js";
import { KeyIndex } from "../../../src/extractors/cache/key-index.js";
import { RowPlaces } from "../../../src/extractors/cache/row-places.js";
import { pictures } from "./made-up-maker.js";

const [one, two] = ["0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcde0"];

test("keys are numbered as they come, an equal one keeps its number", () => {
  const index = new KeyIndex();
  expect([one, two, one, "f".repeat(32), "0".repeat(32)].map((key) => index.add(key))).toEqual([
    0, 1, 0, 2, 3,
  ]);
  expect(index.size).toBe(4);
  expect([0, 1, 2, 3].map((number) => index.key(number))).toEqual([one, two, "f".repeat(32), "0".repeat(32)]);
  expect([index.find(two), index.find("1".repeat(32))]).toEqual([1, -1]);
});

/* Few different words, so that keys often meet in a slot. */
const word = fc.constantFrom("00000000", "00000001", "ffffffff", "00000100", "80000000");
const key = fc.tuple(word, word, word, word).map((words) => words.join(""));

test("an index answers as a Map does, however many keys there are", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 700 }), fc.array(key), (added, sought) => {
      const [index, other, map] = [new KeyIndex(), new KeyIndex(), new Map<string, number>()];
      for (const one of added) {
        if (!map.has(one)) map.set(one, map.size);
        expect(index.add(one)).toBe(map.get(one));
      }
      expect(index.size).toBe(map.size);
      for (const one of [...sought, ...added]) {
        expect(index.find(one)).toBe(map.get(one) ?? -1);
        expect(index.findOf(other, other.add(one))).toBe(map.get(one) ?? -1);
      }
      for (const [one, number] of map) expect(index.key(number)).toBe(one);
    }),
    { numRuns: 40 },
  );
});

test("the row of an image is found in the chunk that was added last", async () => {
  const keys = await imageKeys(pictures(200));
  const places = new RowPlaces();
  const images = Array.from({ length: 200 }, (_, i) => keys.key(i) as string);
  const list = { names: images, set: "pictures", sha256: "" };
  places.add({ ...list, name: "rows-1", images: images.slice(0, 150) });
  places.add({ ...list, name: "rows-2", images: images.slice(140, 190).reverse() });
  expect(places.chunks.map(({ name, rows }) => [name, rows])).toEqual([
    ["rows-1", 150],
    ["rows-2", 50],
  ]);
  for (let i = 0; i < 140; i++) expect(places.of(keys, i)).toEqual({ chunk: 0, row: i });
  for (let i = 140; i < 190; i++) expect(places.of(keys, i)).toEqual({ chunk: 1, row: 189 - i });
  for (let i = 190; i < 200; i++) expect(places.of(keys, i)).toBeUndefined();
});
