import { expect, test } from "vitest";
import { loadImage, mirror } from "../../src/images/index.js";

const image = { width: 3, height: 2, channels: 1 as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

test("an image is turned left to right, row by row, channels kept together", () => {
  expect([...mirror(image).data]).toEqual([3, 2, 1, 6, 5, 4]);
  const colored = { width: 2, height: 1, channels: 3 as const, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  expect([...mirror(colored).data]).toEqual([4, 5, 6, 1, 2, 3]);
  expect(mirror(mirror(image))).toEqual(image);
});

test("a source that asks for it gives the mirrored image", async () => {
  expect((await loadImage({ kind: "pixels", image, mirrored: true })).data[0]).toBe(3);
  expect((await loadImage({ kind: "pixels", image })).data[0]).toBe(1);
});
