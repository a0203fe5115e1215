import { expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { imageNetwork, type Scale } from "../../src/extractors/image-network.js";
import { type Preparation, prepare } from "../../src/images/index.js";
import { noise } from "./cache/made-up-maker.js";

const images = [1, 2, 3].map((seed) => noise(new Random(seed), 12, 10));

/** A network that gives the first value and the side of its input, and counts how often it is disposed of. */
function made(side: number): Scale & { disposed: number } {
  const preparation: Preparation = {
    resize: side,
    crop: side,
    filter: "bilinear",
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  const scale = {
    disposed: 0,
    preparation,
    compiled: {
      async run(input: Float32Array, [n, channels, height, width]: readonly number[], [output] = [0]) {
        const size = channels * height * width;
        const rows = Array.from({ length: n }, (_, i) => [input[i * size], width]);
        return [{ layer: `output ${output}`, shape: [n, 2], data: Float32Array.from(rows.flat()) }];
      },
      dispose: () => void scale.disposed++,
    },
  };
  return scale;
}

const firstValues = ({ preparation }: Scale): number[] =>
  images.map((image) => Math.fround(prepare(image, preparation).data[0] / 255));

it("gives the average of one size as it is, and the mean over several", async () => {
  const [own, small, large] = [made(8), made(4), made(6)];
  const run = async (network: ReturnType<typeof imageNetwork>, output: 0 | 1) => {
    const preparations = network.preparations(output);
    const prepared = images.map((image) => preparations.map((one) => prepare(image, one)));
    return network.run(prepared, output);
  };
  const one = await run(imageNetwork(own), 0);
  expect([...one.data]).toEqual(firstValues(own).flatMap((value) => [value, 8]));
  const several = imageNetwork(own, [small, large]);
  expect(several.preparations(0).map(({ crop }) => crop)).toEqual([4, 6]);
  const mean = await run(several, 0);
  const [a, b] = [firstValues(small), firstValues(large)];
  expect([...mean.data]).toEqual(a.flatMap((value, i) => [Math.fround((value + b[i]) / 2), 5]));
  expect(mean.shape).toEqual([3, 2]);
  expect(several.preparations(1).map(({ crop }) => crop)).toEqual([8]);
  const maps = await run(several, 1);
  expect([maps.layer, [...maps.data]]).toEqual(["output 1", firstValues(own).flatMap((value) => [value, 8])]);
});

it("is disposed of with all its networks, each once", () => {
  const [own, small] = [made(8), made(4)];
  imageNetwork(own, [{ ...own, preparation: small.preparation }, small]).dispose();
  expect([own.disposed, small.disposed]).toEqual([1, 1]);
});
