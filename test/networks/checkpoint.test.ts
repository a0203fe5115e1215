import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  bindWeights,
  conv,
  findWeights,
  loadWeights,
  networkNamed,
  parameterShapes,
  readCheckpoint,
  type Tensor,
  writeSafetensors,
} from "../../src/networks/index.js";
import { networkOf, zeroWeights } from "../helpers/random-weights.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-checkpoint-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const small = join(import.meta.dirname, "../golden/networks/checkpoints/small.pth");
const smallHash = createHash("sha256").update(readFileSync(small)).digest("hex");

test("a published file whose content is another one is refused and kept aside", async () => {
  const path = join(folder, "resnet101-63fe2227.pth");
  for (const aside of [`${path}.wrong`, `${path}.wrong2`]) {
    writeFileSync(path, readFileSync(small));
    await expect(loadWeights(networkNamed("resnet101"), path)).rejects.toThrow(
      `${path}: its SHA-256 must begin with 63fe2227, as its name says; it is ${smallHash}, so the file is damaged or another one: it is kept as ${aside}; fetch it again`,
    );
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(aside)).toEqual(readFileSync(small));
  }
});

test("a page saved under a published file's name is refused by its hash", async () => {
  const path = join(folder, "resnet50-0676ba61.pth");
  writeFileSync(path, "<!DOCTYPE html>");
  await expect(loadWeights(networkNamed("resnet50"), path)).rejects.toThrow(
    /its SHA-256 must begin with 0676ba61/,
  );
});

test("a published file with the right content is read, and other names carry no promise", async () => {
  const file = `small-${smallHash.slice(0, 8)}.pth`;
  const published = networkNamed("resnet18");
  const network = { ...published, weights: { ...published.weights, file } };
  const path = join(folder, file);
  writeFileSync(path, readFileSync(small));
  expect((await readCheckpoint(path, [network])).tensors.size).toBe(15);
  const own = join(folder, "mine-00000000.pth");
  writeFileSync(own, readFileSync(small));
  expect((await readCheckpoint(own, [network])).tensors.size).toBe(15);
});

test("any of a network's published files is found, the first one first", () => {
  mkdirSync(join(folder, "data", "weights"), { recursive: true });
  vi.stubEnv("DN2_DATA", join(folder, "data"));
  vi.stubEnv("DN2_CACHE", join(folder, "none"));
  const files = ["resnet50.safetensors", "resnet50-11ad3fa6.pth", "resnet50-0676ba61.pth"];
  for (const file of files) {
    const path = join(folder, "data", "weights", file);
    writeFileSync(path, "");
    expect(findWeights(networkNamed("resnet50"))).toBe(path);
  }
});

test("the names of timm are understood", async () => {
  const network = networkNamed("efficientnet_b0");
  const timm = new Map<string, Tensor>();
  for (const [name, tensor] of zeroWeights(network)) timm.set(timmName(name), tensor);
  timm.set("classifier.weight", { shape: [1], data: new Float32Array(1) });
  timm.set("bn1.num_batches_tracked", { shape: [], data: new Float32Array(1) });
  expect([...timm.keys()]).toContain("blocks.0.0.bn2.running_var");
  expect([...timm.keys()]).toContain("blocks.6.0.se.conv_reduce.bias");
  const path = join(folder, "model.safetensors");
  await writeSafetensors(path, timm);
  const { weights } = await loadWeights(network, path);
  expect([...weights.keys()]).toEqual([...parameterShapes(network).keys()]);
});

/** The name that timm gives a parameter of EfficientNet-B0. */
function timmName(name: string): string {
  const [layer, parameter] = [name.slice(0, name.lastIndexOf(".")), name.slice(name.lastIndexOf("."))];
  const outside: Record<string, string> = {
    "features.0.0": "conv_stem",
    "features.0.1": "bn1",
    "features.8.0": "conv_head",
    "features.8.1": "bn2",
  };
  if (layer in outside) return outside[layer] + parameter;
  const [, stage, block, step, part] = /^features\.(\d)\.(\d)\.block\.(\d)\.(\w+)$/.exec(layer) as string[];
  const first = stage === "1";
  const steps = first ? ["conv_dw", "se", "conv_pw"] : ["conv_pw", "conv_dw", "se", "conv_pwl"];
  const norms = first ? ["bn1", "", "bn2"] : ["bn1", "bn2", "", "bn3"];
  const own =
    steps[+step] === "se"
      ? `se.${part === "fc1" ? "conv_reduce" : "conv_expand"}`
      : part === "0"
        ? steps[+step]
        : norms[+step];
  return `blocks.${+stage - 1}.${block}.${own}${parameter}`;
}

test("a prefix before all names is seen through; of two copies the first is taken", () => {
  const network = networkOf([conv("conv1", "input", { filters: 1, kernel: 1, batchNorm: "bn1" })]);
  const own = zeroWeights(network);
  const checkpoint = new Map<string, Tensor>();
  for (const prefix of ["module.encoder_q.", "module.encoder_k."]) {
    for (const [name, { shape, data }] of own) checkpoint.set(prefix + name, { shape, data: data.slice() });
    checkpoint.set(`${prefix}fc.0.weight`, { shape: [1], data: new Float32Array(1) });
  }
  checkpoint.set("module.queue", { shape: [1], data: new Float32Array(1) });
  const bound = bindWeights(network, checkpoint);
  expect([...bound.keys()]).toEqual([...own.keys()]);
  expect(bound.get("conv1.weight")).toBe(checkpoint.get("module.encoder_q.conv1.weight"));
});

test("a deeper network's checkpoint is refused, naming what does not belong", () => {
  const deep = zeroWeights(networkNamed("resnet34"));
  expect(() => bindWeights(networkNamed("resnet18"), deep, "deep.pth")).toThrow(
    "deep.pth: the tensors must be those of resnet18; unexpected: layer1.2.conv1.weight, layer1.2.bn1.weight, layer1.2.bn1.bias and 77 more; is it a checkpoint of another network?",
  );
});

test("all that is wrong is said in one sentence", () => {
  const network = networkOf([conv("c", "input", { filters: 2, kernel: 1 })]);
  const tensors = new Map<string, Tensor>([
    ["c.weight", { shape: [2, 1, 1, 1], data: new Float32Array(2) }],
    ["d.weight", { shape: [], data: new Float32Array(1) }],
  ]);
  expect(() => bindWeights(network, tensors, "x.pth")).toThrow(
    "x.pth: the tensors must be those of small; missing: c.bias; of another shape: c.weight must be 2 x 3 x 1 x 1 and is 2 x 1 x 1 x 1; unexpected: d.weight; is it a checkpoint of another network?",
  );
});
