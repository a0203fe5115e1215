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
import { loadEngine, requireTfjsNode } from "../dist/src/engines/index.js";
import { loadExtractor } from "../dist/src/extractors/index.js";
import { embedded, writeSafetensors } from "../dist/src/networks/index.js";

const { values: args } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    epochs: { type: "string", default: "24" },
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
  const options = { seed, epochs: Number(args.epochs) };
  const curve = [];
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
        epoch % every === 0 || epoch === 1 || epoch === options.epochs
          ? { cifar10RocAuc: Number((await unimodalRocAuc(tf, weights, measured)).toFixed(4)) }
          : {},
      onEpoch: async (report, weights) => {
        console.error(JSON.stringify(report));
        curve.push(report);
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

async function unimodalRocAuc(tf, weights, { train, test }) {
  const engine = await loadEngine("onnxruntime-node").catch(() => loadEngine("tfjs-node"));
  const network = await engine.compile(embedded, weights);
  const bank = await embeddedFeatures(network, train);
  const queries = await embeddedFeatures(network, test);
  network.dispose();
  let sum = 0;
  const classes = train.classNames.length;
  for (let c = 0; c < classes; c++) {
    const rows = [...train.labels.keys()].filter((i) => train.labels[i] === c);
    const scores = tf.tidy(() => {
      const q = tf.tensor2d(queries, [test.length, 256]);
      const b = tf.tensor2d(
        Float32Array.from(rows.flatMap((i) => [...bank.subarray(i * 256, i * 256 + 256)])),
        [rows.length, 256],
      );
      const nearness = tf.sub(tf.mul(tf.matMul(q, b, false, true), 2), tf.sum(tf.square(b), 1));
      const nearest = tf.topk(nearness, 2).values;
      return tf.sub(tf.sum(tf.square(q), 1), tf.mean(nearest, 1)).dataSync();
    });
    sum += rocAuc(scores, test.labels, c);
  }
  return sum / classes;
}

function rocAuc(scores, labels, normal) {
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
  let normals = 0;
  let pairs = 0;
  for (const i of order) {
    if (labels[i] === normal) normals++;
    else pairs += normals;
  }
  return pairs / (normals * (scores.length - normals));
}

async function embeddedFeatures(network, images) {
  const { data, size } = await pixelBlock(images, embedded.preparation);
  const out = new Float32Array(images.length * 256);
  const plane = size * size;
  for (let start = 0; start < images.length; start += 250) {
    const n = Math.min(250, images.length - start);
    const input = new Float32Array(n * 3 * plane);
    for (let i = 0; i < n; i++)
      for (let p = 0; p < plane; p++)
        for (let c = 0; c < 3; c++)
          input[(i * 3 + c) * plane + p] = (data[((start + i) * plane + p) * 3 + c] / 255 - 0.5) / 0.5;
    const [output] = await network.run(input, [n, 3, size, size]);
    out.set(output.data, start * 256);
  }
  return out;
}

main().catch((error) => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});
