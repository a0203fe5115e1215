import { describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../src/core/display.js";
import { setProgressListener } from "../../src/core/progress.js";
import { Random } from "../../src/core/random.js";
import { ImageSet } from "../../src/datasets/image-set.js";
import { Features } from "../../src/extractors/features.js";
import { ContaminationPool } from "../../src/scoring/index.js";
import { exploreContamination } from "../../src/widgets/explore-contamination.js";
import { exploreGroups } from "../../src/widgets/explore-groups.js";
import type { ExplorerData } from "../../src/widgets/explorer-model.js";
import { createModel } from "../../src/widgets/models/create-model.js";
import { contaminationData, groupsData } from "../../src/widgets/models/index.js";
import { packText, unpack } from "../../src/widgets/packed.js";
import { Param } from "../../src/widgets/param.js";

setProgressListener(() => {});
const random = new Random("features");

function blobs(name: string, count: number, middle: number): Features {
  const ids = Array.from({ length: count }, (_, i) => `${name}${i}`);
  const image = { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(10 * middle) } as const;
  return Features.fromRows(
    ids.map(() => [middle + random.normal(), middle + random.normal()]),
    { ids, images: ImageSet.fromImages(name, new Array(count).fill(image), { ids }) },
  );
}

const normal = blobs("n", 30, 0);
const anomalies = blobs("a", 30, 2);
const test = Features.concat(blobs("t", 20, 0), blobs("u", 20, 2));
const isAnomaly = Array.from({ length: 40 }, (_, i) => i >= 20);
const pool = new ContaminationPool(normal, anomalies, new Random(1));

describe("exploreContamination", () => {
  it("follows its Params, shares k, and shows a picture without a kernel", async () => {
    const rate = new Param("rate", 0.2);
    const k = new Param("k", 1);
    const explorer = await exploreContamination(pool, test, isAnomaly, { rate, k, cleaned: 0.3, kMax: 2 });
    expect(explorer.settings).toEqual({ rate: 0.2, cleaned: 0.3, k: 1 });
    expect(explorer.k).toBe(k);
    const before = explorer.view.readouts;
    rate.value = 0.4;
    expect(explorer.view.readouts).not.toEqual(before);
    expect(explorer.figures).toHaveLength(3);
    const bundle = (await explorer[jupyterDisplay]()) ?? {};
    expect(Object.keys(bundle)).toEqual(["image/png", "text/plain"]);
    await expect(exploreContamination(pool, test, isAnomaly, { fraction: 1 } as never)).rejects.toThrow(
      "exploreContamination: unknown option fraction",
    );
  });

  it("reads the same from its form in a notebook file", async () => {
    const data = await contaminationData(pool, test, isAnomaly, { kMax: 2 });
    const saved = unpack(JSON.parse(JSON.stringify(packText(data)))) as ExplorerData;
    const settings = { rate: 0.3, cleaned: 0.4, k: 2 };
    expect(JSON.stringify(createModel(saved).view(settings).readouts)).toBe(
      JSON.stringify(createModel(data).view(settings).readouts),
    );
  });
});

describe("exploreGroups", () => {
  it("follows its Params and shows a picture without a kernel", async () => {
    const size = new Param("size", 2);
    const explorer = await exploreGroups(normal, test, isAnomaly, {
      size,
      pooling: "max",
      maxSize: 3,
      count: 20,
    });
    expect(explorer.settings).toMatchObject({ size: 2, pooling: "max", k: 2 });
    const before = explorer.view.readouts;
    size.value = 3;
    expect(explorer.view.readouts).not.toEqual(before);
    expect(explorer.figures.map((figure) => figure.alt)[0]).toContain(
      "ROCAUC against group size from 1 to 3",
    );
    expect(Object.keys((await explorer[jupyterDisplay]()) ?? {})).toEqual(["image/png", "text/plain"]);
    await expect(exploreGroups(normal, test, isAnomaly, { sizes: [1] } as never)).rejects.toThrow(
      "exploreGroups: unknown option sizes",
    );
  });

  it("reads the same from its form in a notebook file", async () => {
    const data = await groupsData(normal, test, isAnomaly, { maxSize: 2, count: 10, kMax: 2 });
    const saved = unpack(JSON.parse(JSON.stringify(packText(data)))) as ExplorerData;
    const settings = { size: 2, pooling: "concatenation", k: 2, called: 0.4 };
    expect(JSON.stringify(createModel(saved).view(settings).readouts)).toBe(
      JSON.stringify(createModel(data).view(settings).readouts),
    );
  });
});
