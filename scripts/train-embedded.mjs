// Trains the embedded extractor: node scripts/train-embedded.mjs --seed 1 --epochs 24
// Needs the built project (npm run build), tfjs-node, and in DN2_DATA the three data sets and both teachers' weights.
// Interrupted, it goes on from its checkpoint when called again with the same options.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../dist/src/core/data-folders.js";
import { formatProgress, setProgressListener } from "../dist/src/core/progress.js";
import { Random } from "../dist/src/core/random.js";
import { ImageSet, loadDataSet } from "../dist/src/datasets/index.js";
import {
  distill,
  distillationSettings,
  makeTargets,
  pixelBlock,
  smoothTargets,
  teacherFeatures,
} from "../dist/src/distillation/index.js";
import { loadEngine } from "../dist/src/engines/index.js";
import { requireTfjsNode } from "../dist/src/engines/tfjs-node.js";
import { imageNetwork } from "../dist/src/extractors/image-network.js";
import { Extractor, loadExtractor } from "../dist/src/extractors/index.js";
import { channelsOf, embedded, writeSafetensors } from "../dist/src/networks/index.js";
import { unimodal } from "../dist/src/protocols/index.js";
import { distillationImages } from "./distillation-images.mjs";

const { values: args } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    teachers: { type: "string", default: "mobilenet_v2,mobilenet_edgetpu_0.75" },
    epochs: { type: "string", default: "36" },
    "target-size": { type: "string", default: "512" },
    neighbors: { type: "string", default: "5" },
    "measure-every": { type: "string", default: "2" },
    cache: { type: "string", default: join(packageRoot(), ".cache", "distillation") },
    output: { type: "string", default: join(packageRoot(), "data", "embedded") },
  },
});
const seed = Number(args.seed);
const every = Number(args["measure-every"]);

/** Most images are trained at 32 px, some at larger inputs; the statistics of each size are kept, so that the features hold there too. */
const severalSizes = {
  largerInputs: [
    { size: 48, share: 0.08, batchSize: 64 },
    { size: 64, share: 0.12, batchSize: 48 },
    { size: 96, share: 0.1, batchSize: 24 },
  ],
  settlingEpochs: 0,
  statisticsSizes: [48],
};

async function main() {
  let printed = 0;
  setProgressListener((state) => {
    if (!state.ended && performance.now() - printed < 20_000) return;
    printed = performance.now();
    console.error(formatProgress(state));
  });
  const sources = await trainingImages();
  const teachers = [];
  const views = [];
  for (const name of args.teachers.split(",")) {
    const teacher = await loadExtractor(name);
    const parts = [];
    for (const { images } of sources)
      parts.push(await teacherFeatures(teacher, images, { cache: join(args.cache, "features") }));
    views.push({ features: joined(parts), d: teacher.dimensions });
    const { extractor, layer, weightsHash, preparation } = teacher.provenance;
    teachers.push({ extractor, layer, weightsHash, preparation });
    teacher.dispose();
  }
  const components = await makeTargets(views, Number(args["target-size"]));
  const neighbors = Number(args.neighbors);
  const targets =
    neighbors > 0
      ? await smoothTargets(components, new Random(seed).fork("smoothing"), { neighbors, components: 64 })
      : components;
  const record = {
    network: embedded.name,
    teachers,
    features:
      "mean over the image and its mirror picture, of length 1, centred; every teacher scaled to variance 1",
    targets: { size: targets.size, keptVariance: Number(targets.keptVariance.toFixed(4)), neighbors },
    smoothing:
      "each target half its own, half the mean of those of the nearest other images by their first 64 components",
    images: sources.map(({ describe }) => describe),
    labels: "not used for training; the values of the curve are measured with them",
  };
  const images = await pixelBlock(
    ImageSet.concat(
      "distillation",
      sources.map((source) => source.images),
    ),
    embedded.preparation,
  );
  const cifar10 = await loadDataSet("cifar10");
  const measured = { train: cifar10.train.firstOfEachClass(500), test: cifar10.test.firstOfEachClass(200) };
  const options = {
    seed,
    epochs: Number(args.epochs),
    ...severalSizes,
  };
  let best = 0;
  const tf = requireTfjsNode();
  const result = await distill(
    tf,
    embedded,
    { images, targets },
    {
      ...options,
      checkpoint: join(args.cache, `embedded-seed-${seed}.safetensors`),
      measure: async (weights, epoch) =>
        epoch % every === 0 || epoch === 1 || epoch >= options.epochs
          ? { cifar10RocAuc: Number((await unimodalRocAuc(weights, measured)).toFixed(4)) }
          : {},
      onEpoch: async (report, weights) => {
        console.error(JSON.stringify(report));
        const value = report.measured.cifar10RocAuc ?? 0;
        if (value <= best) return;
        best = value;
        await writeSafetensors(join(args.cache, `embedded-seed-${seed}-best.safetensors`), weights(), {
          dtype: "float16",
        });
      },
    },
  );
  await mkdir(join(args.output, ".."), { recursive: true });
  await writeSafetensors(`${args.output}.safetensors`, result.weights, {
    dtype: "float16",
    metadata: { network: embedded.name, licence: embedded.weights.licence, source: embedded.weights.source },
  });
  const json = {
    ...record,
    settings: distillationSettings(options),
    measure:
      "cifar10RocAuc: mean over the 10 classes, each in turn normal, of the first 500 training images of a class against the first 200 test images of every class; k = 2, mean squared distance, raw features",
    curve: result.curve,
    sha256: createHash("sha256")
      .update(await readFile(`${args.output}.safetensors`))
      .digest("hex"),
  };
  await writeFile(`${args.output}.json.part`, `${JSON.stringify(json, null, 2)}\n`);
  await rename(`${args.output}.json.part`, `${args.output}.json`);
}

async function trainingImages() {
  const sources = [];
  for (const name of ["cifar10", "cifar100", "fashion-mnist"]) {
    const data = await loadDataSet(name);
    const { images, which } = distillationImages(name, data.train);
    const contentHash = await data.contentHash();
    const describe = {
      dataSet: name,
      part: "train",
      images: images.length,
      of: data.train.length,
      which,
      contentHash,
    };
    sources.push({ images, describe });
  }
  return sources;
}

function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** Mean ROCAUC over the classes, each in turn normal. */
async function unimodalRocAuc(weights, { train, test }) {
  const engine = await loadEngine();
  const provenance = { extractor: embedded.name, layer: embedded.featureLayer, engine: engine.name };
  const { output } = channelsOf(embedded).get(embedded.featureLayer);
  const compiled = await engine.compile(embedded, weights);
  const { preparation } = embedded;
  const extractor = new Extractor(output, provenance, imageNetwork({ compiled, preparation }));
  const bank = await extractor.extract(train, { batchSize: 128 });
  const queries = await extractor.extract(test, { batchSize: 128 });
  extractor.dispose();
  return (await unimodal(bank, queries, { k: 2 })).mean;
}

main().catch((error) => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});
