import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setProgressListener } from "../dist/src/core/progress.js";
import { Random } from "../dist/src/core/random.js";
import { readFolder } from "../dist/src/datasets/index.js";
import { loadEngine } from "../dist/src/engines/index.js";
import { Features } from "../dist/src/extractors/features.js";
import { loadExtractor } from "../dist/src/extractors/index.js";
import { rocAuc } from "../dist/src/metrics/index.js";
import { KMeansIndex, NeighborIndex, searchParts } from "../dist/src/neighbors/index.js";
import { networkNamed, parameterShapes } from "../dist/src/networks/index.js";

const state = {};
setProgressListener(() => {});

function randomWeights(network) {
  const random = new Random(0);
  const weights = new Map();
  for (const [name, shape] of parameterShapes(network)) {
    const size = shape.reduce((product, length) => product * length, 1);
    const scale = Math.sqrt(2 / Math.max(1, size / shape[0]));
    weights.set(name, { shape, data: Float32Array.from({ length: size }, () => random.normal() * scale) });
  }
  return weights;
}

function readFeatures(path, n, d) {
  const bytes = readFileSync(path);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return new Features(
    data,
    d,
    Array.from({ length: n }, (_, i) => `${path}#${i}`),
  );
}

const tasks = {
  async "load-network"({ network, batch, engine, threads }) {
    const description = networkNamed(network);
    const outputs = [{ layer: description.featureLayer, pooled: true }];
    const compiled = await (await loadEngine(engine)).compile(description, randomWeights(description), {
      outputs,
      threads,
    });
    const random = new Random(1);
    const input = Float32Array.from({ length: batch * 3 * 224 * 224 }, () => random.normal());
    state.run = () => compiled.run(input, [batch, 3, 224, 224]);
    return {};
  },
  async "load-extraction"({ network, batch, threads, folder, weights }) {
    const extractor = await loadExtractor(network, { weights, threads });
    const { images } = await readFolder(folder);
    state.run = () => extractor.extract(images, { batchSize: batch });
    return {};
  },
  async "load-features"({ train, test, labels, n, m, d }) {
    state.train = readFeatures(train, n, d);
    state.test = readFeatures(test, m, d);
    state.labels = labels?.map((path) => new Int32Array(new Uint8Array(readFileSync(path)).buffer));
    return {};
  },
  async "load-search"({ k }) {
    state.run = () => new NeighborIndex(state.train).search(state.test, k);
    return {};
  },
  async "load-sweep"({ k }) {
    const [trainLabels, testLabels] = state.labels;
    state.run = async () => {
      const classes = Array.from({ length: 10 }, (_, c) =>
        Array.from(trainLabels.keys()).filter((i) => trainLabels[i] === c),
      );
      const tables = await searchParts(state.train, classes, state.test, k);
      const areas = tables.map((table, c) =>
        rocAuc(
          table.scores(k).values,
          Array.from(testLabels, (label) => label !== c),
        ),
      );
      state.figure = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    };
    return {};
  },
  async "load-kmeans"({ clusters }) {
    state.run = async () => {
      state.figure = (await KMeansIndex.build(state.train, clusters, { random: new Random(0) })).inertia;
    };
    return {};
  },
  async run({ repeats }) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    for (let i = 0; i < repeats; i++) await state.run();
    const used = process.cpuUsage(cpu);
    return {
      wall: (performance.now() - start) / 1000,
      cpu: (used.user + used.system) / 1e6,
      figure: state.figure,
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await tasks[request.task](request))}\n`);
}
