import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Features } from "../../src/extractors/features.js";
import { type NpyArray, readNpy } from "../../src/extractors/npy.js";
import { rocAuc } from "../../src/metrics/index.js";
import { type DistanceKind, NeighborIndex } from "../../src/neighbors/index.js";
import { describeReal } from "../helpers/real-data.js";

function features({ shape, data }: NpyArray, name: string): Features {
  const ids = Array.from({ length: shape[0] }, (_, i) => `${name}${i}`);
  return new Features(data as Float32Array, shape[1], ids);
}

describeReal("scores of white blood cells with SqueezeNet features", (dataFolder) => {
  const folder = join(dataFolder, "reference", "wbc1_squeezenet11");

  it.each([
    ["raw", "squared", "sq"],
    ["raw", "euclidean", "euclid"],
    ["l2norm", "squared", "sq"],
    ["l2norm", "euclidean", "euclid"],
  ] as const)(
    "equal the reference: %s features, %s distance",
    async (treatment, distance: DistanceKind, suffix) => {
      const read = (name: string) => readNpy(join(folder, `${name}.npy`));
      const treat = (made: Features) => (treatment === "raw" ? made : made.normalized());
      const [train, test] = [
        treat(features(await read("train_features"), "train")),
        treat(features(await read("test_features"), "test")),
      ];
      const [trainLabels, testLabels] = [(await read("train_labels")).data, (await read("test_labels")).data];
      const expected = await read(`expected_${treatment}_knn2_${suffix}`);
      const json = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
      const areas: number[] = json.auc[`${treatment}_${suffix}`];
      for (const [c, normalClass] of (json.classes as number[]).entries()) {
        const rows = Array.from(trainLabels.keys()).filter((i) => trainLabels[i] === normalClass);
        const table = await new NeighborIndex(train.subset(rows)).search(test, 2);
        const { values } = table.scores(2, { distance });
        values.forEach((value, i) => {
          const reference = expected.data[c * test.n + i];
          expect(Math.abs(value - reference)).toBeLessThan(1e-3 * reference);
        });
        const isAnomaly = Array.from(testLabels, (label) => label !== normalClass);
        expect(rocAuc(values, isAnomaly)).toBeCloseTo(areas[c], 12);
      }
    },
  );
});
