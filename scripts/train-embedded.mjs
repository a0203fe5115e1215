// Trains the embedded extractor: node scripts/train-embedded.mjs --seed 1 --epochs 24
// Needs the built project (npm run build), tfjs-node, and in DN2_DATA the three data sets and MobileNetV2's weights.
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
  teacherFeatures,
} from "../dist/src/distillation/index.js";
import { loadEngine } from "../dist/src/engines/index.js";
import { requireTfjsNode } from "../dist/src/engines/tfjs-node.js";
import { Extractor, loadExtractor } from "../dist/src/extractors/index.js";
import { channelsOf, embedded, writeSafetensors } from "../dist/src/networks/index.js";
import { unimodal } from "../dist/src/protocols/index.js";

const { values: args } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    epochs: { type: "string", default: "24" },
    "settling-epochs": { type: "string", default: "2" },
    "fashion-images": { type: "string", default: "8000" },
    "target-size": { type: "string", default: "512" },
    "measure-every": { type: "string", default: "2" },
    cache: { type: "string", default: join(packageRoot(), ".cache", "distillation") },
    output: { type: "string", default: join(packageRoot(), "data", "embedded") },
  },
});
const seed = Number(args.seed);
const every = Number(args["measure-every"]);

async function main() {
  let printed = 0;
  setProgressListener((state) => {
    if (!state.ended && performance.now() - printed < 20_000) return;
    printed = performance.now();
    console.error(formatProgress(state));
  });
  const sources = await trainingImages();
  const teacher = await loadExtractor("mobilenet_v2");
  const features = [];
  for (const { images } of sources)
    features.push(await teacherFeatures(teacher, images, { cache: args.cache }));
  const targets = makeTargets(joined(features), teacher.dimensions, Number(args["target-size"]));
  const { extractor, layer, weightsHash, preparation } = teacher.provenance;
  const record = {
    network: embedded.name,
    teacher: {
      extractor,
      layer,
      weightsHash,
      preparation,
      feature: "mean over the image and its mirror picture",
    },
    targets: { size: targets.size, keptVariance: Number(targets.keptVariance.toFixed(4)) },
    images: sources.map(({ describe }) => describe),
    labels: "not used for training; the values of the curve are measured with them",
  };
  teacher.dispose();
  const images = await pixelBlock(
    ImageSet.concat(
      "distillation",
      sources.map((source) => source.images),
    ),
    embedded.preparation,
  );
  const cifar10 = await loadDataSet("cifar10");
  const measured = { train: cifar10.train.firstOfEachClass(500), test: cifar10.test.firstOfEachClass(200) };
  const options = { seed, epochs: Number(args.epochs), settlingEpochs: Number(args["settling-epochs"]) };
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
  for (const [name, count] of [
    ["cifar10"],
    ["cifar100"],
    ["fashion-mnist", Number(args["fashion-images"])],
  ]) {
    const data = await loadDataSet(name);
    const all = data.train;
    const chosen = count && new Random(seed).fork(`${name} train`).sample(all.length, count).sort();
    const images = chosen ? all.subset(chosen) : all;
    const contentHash = await data.contentHash();
    sources.push({
      images,
      describe: { dataSet: name, part: "train", images: images.length, of: all.length, contentHash },
    });
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
  const extractor = new Extractor(embedded.preparation, output, provenance, compiled);
  const bank = await extractor.extract(train, { batchSize: 128 });
  const queries = await extractor.extract(test, { batchSize: 128 });
  extractor.dispose();
  return (await unimodal(bank, queries, { k: 2 })).mean;
}

main().catch((error) => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});
