import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { DataError } from "../../src/core/errors.js";
import {
  findWeights,
  loadWeights,
  mobilenetV2,
  networkNamed,
  parameterShapes,
  squeezenet11,
  writeSafetensors,
} from "../../src/networks/index.js";
import { zeroWeights } from "../helpers/random-weights.js";
import { describeReal } from "../helpers/real-data.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test("weights are found in the folders of DN2_DATA, then in the cache", async () => {
  const [data, cache] = [join(folder, "data"), join(folder, "cache")];
  for (const place of [data, cache]) mkdirSync(join(place, "weights"), { recursive: true });
  vi.stubEnv("DN2_DATA", `${join(folder, "none")}:${data}`);
  vi.stubEnv("DN2_CACHE", cache);
  const file = join("weights", "squeezenet1_1.safetensors");
  expect(() => findWeights(squeezenet11)).toThrow(DataError);
  expect(() => findWeights(squeezenet11)).toThrow(
    /^the weights of squeezenet1_1 must be in .*none\/weights or .*data\/weights or .*cache\/weights; run npx dn2 fetch squeezenet1_1, or put squeezenet1_1\.safetensors there \(.*\), or name in DN2_DATA/,
  );
  await writeSafetensors(join(cache, file), zeroWeights(squeezenet11));
  expect(findWeights(squeezenet11)).toBe(join(cache, file));
  copyFileSync(join(cache, file), join(data, file));
  expect(findWeights(squeezenet11)).toBe(join(data, file));

  const { weights, hash, path } = await loadWeights(squeezenet11);
  expect(path).toBe(join(data, file));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect([...weights.keys()]).toEqual([...parameterShapes(squeezenet11).keys()]);
});

test("another network's file is refused by name", async () => {
  const path = join(folder, "other.safetensors");
  await writeSafetensors(path, zeroWeights(squeezenet11));
  await expect(loadWeights(mobilenetV2, path)).rejects.toThrow(
    /other\.safetensors: the tensors must be those of mobilenet_v2; missing: features\.0\.0\.weight, .* and \d+ more; unexpected: features\.0\.weight, .*; is it/,
  );
});

describeReal("real weights", () => {
  test.each(["squeezenet1_1", "mobilenet_v2", "mobilenet_edgetpu_0.75"])(
    "%s fits its network",
    async (name) => {
      const { weights } = await loadWeights(networkNamed(name));
      expect(weights.size).toBe(parameterShapes(networkNamed(name)).size);
    },
  );
});
