import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { DataError } from "../../src/core/errors.js";
import {
  findExtractorFile,
  loadExtractor,
  readExtractorFile,
  writeExtractorFile,
} from "../../src/extractors/index.js";
import { embedded, encodeSafetensors, loadWeights, readSafetensors } from "../../src/networks/index.js";

const folder = await mkdtemp(join(tmpdir(), "dn2-extractor-file-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, "mine.safetensors");
const preparation = { ...embedded.preparation, resize: 48, crop: 40 };
const { weights } = await loadWeights(embedded);
await writeExtractorFile(path, { network: embedded, weights, preparation, source: "this test" });

/** The file with another description. */
async function described(change: (description: Record<string, unknown>) => unknown): Promise<string> {
  const { tensors, metadata } = await readSafetensors(path);
  const description = change(JSON.parse(metadata["dn2 extractor"]));
  const text = typeof description === "string" ? description : JSON.stringify(description);
  const other = join(folder, "other.safetensors");
  await writeFile(
    other,
    encodeSafetensors(tensors, { dtype: "float16", metadata: { "dn2 extractor": text } }),
  );
  return other;
}

describe("the file of an extractor", () => {
  test("gives the network, its weights and how images are prepared, under the file's name", async () => {
    const own = await readExtractorFile(path);
    expect(own.network).toMatchObject({ name: "mine", preparation, featureLayer: embedded.featureLayer });
    const name = "blocks.3.conv1.weight";
    expect(own.weights.get(name)).toEqual(weights.get(name));
    const extractor = await loadExtractor(path, { inputSize: 20 });
    expect(extractor.preparation).toMatchObject({ resize: 24, crop: 20 });
    extractor.dispose();
  });

  test("is found with and without its ending, and nothing else is", () => {
    expect(findExtractorFile(path)).toBe(path);
    expect(findExtractorFile(join(folder, "mine"))).toBe(path);
    expect(findExtractorFile(folder)).toBeUndefined();
    expect(findExtractorFile(join(folder, "yours"))).toBeUndefined();
  });

  test("is refused where a weight has changed, where it is cut off, and where it holds weights only", async () => {
    const bytes = await readFile(path);
    const other = join(folder, "other.safetensors");
    bytes[bytes.length - 100] ^= 1;
    await writeFile(other, bytes);
    await expect(readExtractorFile(other)).rejects.toThrow(/must hold the weights that were written/);
    await writeFile(other, bytes.subarray(0, bytes.length - 100));
    await expect(readExtractorFile(other)).rejects.toThrow(DataError);
    await writeFile(other, encodeSafetensors(weights));
    await expect(loadExtractor(other)).rejects.toThrow(
      /must be an extractor that dn2 distill wrote; it holds weights only/,
    );
  });

  test.each<[string, (description: Record<string, unknown>) => unknown, string]>([
    ["a newer form", (d) => ({ ...d, format: 2 }), "must be of format 1; it is of 2"],
    [
      "an unknown network",
      (d) => ({ ...d, network: "__proto__" }),
      "must be of one of the networks embedded",
    ],
    ["another network", (d) => ({ ...d, network: "squeezenet1_1" }), "must be those of squeezenet1_1"],
    ["no JSON", () => "{", "must describe its extractor as JSON"],
    ["null", () => null, "must be of format 1"],
    ["no preparation", (d) => ({ ...d, preparation: { resize: "32" } }), "must say how images are prepared"],
    [
      "a huge input",
      (d) => ({ ...d, preparation: { ...preparation, resize: 1e6, crop: 1e6 } }),
      "must say how images are prepared",
    ],
  ])("is refused with %s", async (_, change, sentence) => {
    await expect(readExtractorFile(await described(change))).rejects.toThrow(sentence);
  });

  test("takes no weights beside its own", async () => {
    await expect(loadExtractor(path, { weights: path })).rejects.toThrow("brings its own weights");
  });
});
