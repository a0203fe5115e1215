import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ProgressState, setProgressListener } from "../../src/core/progress.js";
import { encodePng } from "../../src/images/index.js";
import { temporaryFolder } from "../datasets/fabricate.js";
import { commandLine } from "../helpers/command-line.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-run-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => setProgressListener(undefined));

const run = (line: string) => commandLine("run", ...line.split(" ").map((word) => word.replaceAll("_", " ")));

describe("dn2 run refuses before any work", () => {
  it.each([
    ["unimodal --k 100000", /k must be an integer from 1 to 100 \(training images of/],
    ["unimodal --k 2.5", /--k must be a whole number of at least 1; got 2.5/],
    ["unimodal --classes nothing", /unknown class of synthetic test: nothing; choose from/],
    ["unimodal --limit-train 0", /--limit-train must be a whole number of at least 1; got 0/],
    ["unimodal --limit-train 1", /k must be an integer from 1 to 1 \(training images of/],
    ["unimodal --limit-test x", /--limit-test must be a whole number of at least 1; got x/],
    ["unimodal --seed -1", /--seed must be a whole number of at least 0; got -1/],
    ["unimodal --distance manhattan", /--distance must be one of squared, euclidean; got manhattan/],
    ["unimodal --extractor nothing", /--extractor must be one of .*; got nothing/],
    ["unimodal --input-size 5", /input size of embedded must be an integer from 8 to 4096; got 5/],
    ["unimodal --layer nothing", /--layer.*nothing/],
    ["unimodal --engine nothing", /--engine must be one of .*; got nothing/],
    ["unimodal --weights /nowhere", /--weights must be a file; \/nowhere is none/],
    ["unimodal --batch-size 0", /--batch-size must be a whole number of at least 1; got 0/],
    ["unimodal --repeats 3", /--repeats belongs to groups, .*; the experiment unimodal does not have it/],
    ["unimodal --dataset /nowhere", /unknown data set \/nowhere; valid data sets are/],
    [
      "unimodal --output package.json/record.json",
      /--output must be in a folder that can be written or made; got .*package\.json/,
    ],
    ["unimodal --output record.txt", /--output must be a file name that ends in \.json/],
    ["multimodal --classes round", /unknown class of synthetic test: round; choose from/],
    ["groups --sizes 0", /sizes must be whole numbers from 2 to 4 .*; got 0/],
    ["groups --sizes a,b", /--sizes must be numbers with commas between them; got a,b/],
    ["groups --poolings nothing", /unknown pooling: nothing; choose from mean, max, concatenation/],
    ["groups --rule nothing", /--rule must be one of fixed-classes, anomaly-share; got nothing/],
    ["groups --rule anomaly-share --share 2", /share must be above 0 and at most 1, .*; got 2/],
    ["groups --share 0.5", /--share belongs to --rule anomaly-share/],
    ["groups --repeats 0", /--repeats must be a whole number of at least 1; got 0/],
    ["few-images --sizes 100000", /sizes must be whole numbers from 1 to 100 .*; got 100000/],
    ["few-images --subsets other", /--subsets must be one of nested, independent; got other/],
    ["contamination --rates 0.9", /rates must be shares .* from 0 to 0.5; got 0.9/],
    ["contamination --cleaned 1", /cleaned must be shares .* from 0 to 0.9; got 1/],
    ["kmeans --centers 0", /centers must be whole numbers from 1 to 100 .*; got 0/],
    ["k --k 3", /--k belongs to the other experiments; the experiment k takes every number of --ks/],
    ["k --ks 1,100000", /ks must be whole numbers from 1 to 100 .*; got 100000/],
    ["patches --patches 10 --k 50", /k must be an integer from 1 to 10 \(patches kept of a class\); got 50/],
    ["patches --patches NaN", /--patches must be a whole number of at least 1; got NaN/],
    ["patches --neighborhood 2", /neighborhood must be odd; got 2/],
    ["patches --top 0", /--top must be a whole number of at least 1; got 0/],
    ["patches --select best", /--select must be one of random, coreset; got best/],
    ["patches --classes nothing", /unknown class of synthetic test: nothing; choose from/],
    ["patches --whiten", /--whiten belongs to the other experiments/],
    ["patches --layer nothing", /--layer.*nothing/],
    ["patches --extractor vgg16", /needs a layer from the middle of vgg16/],
    ["patches --extractor pixels", /places of a network's layer; pixels has none/],
    [
      "patches --heatmaps package.json",
      /--heatmaps must be a folder that can be written or made; got .*package\.json/,
    ],
    ["unimodal --heatmaps heat", /--heatmaps belongs to patches; the experiment unimodal does not have it/],
    ["few-images --whiten --sizes 1", /sizes must be whole numbers from 2 to 100 .*; got 1/],
    ["ablation", /ablation needs --vary, one of extractor, layer, inputSize, normalize, distance/],
    ["ablation --vary nothing", /--vary must be one of .*; got nothing/],
    ["ablation --vary layer", /an ablation over layer needs the values to take in turn/],
    ["ablation --vary layer --values stem,nothing", /unknown layer of embedded: nothing; choose from/],
    ["ablation --vary extractor --values embedded,nothing", /unknown extractor: nothing; choose from/],
    ["ablation --vary inputSize --values 32,abc", /input sizes must be whole numbers of pixels; got abc/],
    ["ablation --vary normalize --values maybe", /unknown .*: maybe; choose from/],
  ])("%s, with a sentence and exit code 2", async (line, message) => {
    const labels: string[] = [];
    setProgressListener(({ label }) => labels.push(label));
    const { code, out, err } = await run(line);
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(labels.filter((label) => label.startsWith("extracting"))).toEqual([]);
  });
});

/** A second Ctrl-C, when it comes late, ends the process at once. */
function interruptOnce(isWhen: (state: ProgressState) => boolean): void {
  let sent = false;
  setProgressListener((state) => {
    if (sent || !isWhen(state)) return;
    sent = true;
    process.emit("SIGINT");
  });
}

describe("dn2 run --output", () => {
  const short = "unimodal --extractor pixels --limit-train 20 --limit-test 5 --classes two_lobes";

  it("writes the record, which dn2 check computes again", async () => {
    const path = join(folder, "not", "yet", "there", "record.json");
    const { code, out } = await run(`${short} --json --output ${path}`);
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual(JSON.parse(out));
    expect(JSON.parse(out).options).toMatchObject({ dataset: "synthetic", limitTrain: 20, limitTest: 5 });
    expect(await commandLine("check", path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/: equal \(12 figures/),
    });
  });

  it.each([
    ["multimodal", /whitened by the training images of all classes but the left-out one/],
    ["groups --sizes 2 --repeats 1", /whitened by the training images of the classes that a draw's normal/],
    ["few-images --sizes 5 --repeats 1", /whitened by the training images of each subset/],
    [
      "contamination --rates 0.1 --repeats 1",
      /whitened by the training images of each rate, their anomalies/,
    ],
    ["kmeans --centers 3", /whitened by the normal class's training images/],
  ])("%s --whiten says by which images it whitened", async (line, said) => {
    const { code, out } = await run(
      `${line} --whiten --extractor pixels --input-size 4 --limit-train 20 --limit-test 5`,
    );
    expect(code).toBe(0);
    expect(out).toMatch(/pixels features, whitened/);
    expect(out).toMatch(said);
  });

  it("patches draws heatmaps, and dn2 check computes the same figures again", async () => {
    const [path, heat] = [join(folder, "patches.json"), join(folder, "heat", "maps")];
    const line = "patches --dataset synthetic-defects --input-size 32 --limit-train 12";
    const { code, out } = await run(
      `${line} --limit-test 2 --patches 60 --select coreset --top 3 --heatmaps ${heat} --output ${path}`,
    );
    expect(code).toBe(0);
    expect(out).toMatch(/mean of its 3 most anomalous places, .* at most 60 patches \(coreset\)/);
    const record = JSON.parse(await readFile(path, "utf8"));
    expect(record).toMatchObject({ experiment: "patches", k: 1, options: { patches: 60, top: 3 } });
    expect(record.options).not.toHaveProperty("onPlaces");
    const pictures = (await readdir(join(heat, "good"))).sort();
    expect(pictures).toHaveLength(record.dataset.test);
    expect(pictures[0]).toMatch(/^001-test-\w+-\d\.png$/);
    expect(await commandLine("check", path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/: equal \(12 figures, largest difference 0\.000 points\)/),
    });
  });

  it("patches can be interrupted while it looks at places", async () => {
    interruptOnce(({ label }) => label === "extracting embedded maps");
    const { code, out } = await run("patches --input-size 32 --limit-train 20 --limit-test 5");
    expect({ code, out }).toEqual({ code: 130, out: "" });
  });

  it("leaves an earlier record as it is when the run is interrupted or the images are bad", async () => {
    const path = join(folder, "earlier.json");
    await writeFile(path, "earlier");
    interruptOnce(({ label, done }) => label === "scoring groups" && done > 0);
    const interrupted = await run(`groups --extractor pixels --repeats 1000 --output ${path}`);
    expect(interrupted.code).toBe(130);
    expect(interrupted.err).toMatch(/interrupted/);
    setProgressListener(undefined);
    const pixels = { width: 8, height: 8, channels: 3, data: new Uint8Array(192) } as const;
    const good = Object.fromEntries(
      ["train/a", "test/a", "test/b"].map((name) => [`${name}/1.png`, encodePng(pixels)]),
    );
    const set = temporaryFolder({ ...good, "train/a/1.png": "no image" });
    const bad = await run(`unimodal --extractor pixels --k 1 --dataset ${set} --output ${path}`);
    expect(bad.code).not.toBe(0);
    expect(bad.err).toContain("1.png");
    expect(await readFile(path, "utf8")).toBe("earlier");
  });
});
