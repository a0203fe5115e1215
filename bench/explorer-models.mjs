/** CPU milliseconds for a view of each explorer's model at 10,000 test images. Run after npm run build. */
import { parseArgs } from "node:util";
import { Random } from "../dist/src/core/random.js";
import { Features } from "../dist/src/extractors/features.js";
import { NeighborTable } from "../dist/src/neighbors/neighbor-table.js";
import { ContaminationPool } from "../dist/src/scoring/contamination.js";
import {
  compactData,
  contaminationData,
  createModel,
  exploreData,
  groupsData,
} from "../dist/src/widgets/models/index.js";

const { values: args } = parseArgs({ options: { images: { type: "string", default: "10000" } } });
const n = Number(args.images);
const kMax = 64;
const rounds = 4;
const random = new Random("explorers");
const isAnomaly = Uint8Array.from({ length: n }, (_, i) => Number(i % 10 !== 0));

function table() {
  const distances = new Float64Array(n * kMax);
  const indices = new Int32Array(n * kMax);
  for (let i = 0; i < n; i++) {
    let distance = 8 * Math.exp(0.35 * random.normal() + 0.6 * isAnomaly[i]);
    for (let j = 0; j < kMax; j++) {
      distance += (0.15 * random.uniform() * distance) / (j + 1);
      distances[i * kMax + j] = distance;
      indices[i * kMax + j] = random.integer(5000);
    }
  }
  const ids = (count) => Array.from({ length: count }, (_, i) => `image ${i}`);
  return new NeighborTable({ kMax, distances, indices, queryIds: ids(n), trainIds: ids(5000) });
}

function features(name, middles, d = 32) {
  const data = Float32Array.from({ length: middles.length * d }, (_, i) => {
    return random.normal() + 0.5 * middles[Math.floor(i / d)];
  });
  const ids = Array.from(middles, (_, i) => `${name}${i}`);
  return new Features(data, d, ids);
}

function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The first round warms up. */
function measure(what, model, settings) {
  const times = [];
  for (let round = 0; round <= rounds; round++) {
    for (const one of settings) {
      const ms = cpuMs(() => model.view(one));
      if (round > 0) times.push(ms);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms of CPU (${times.length} views)`);
}

const range = (from, to, step = 1) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Number((from + i * step).toFixed(6)));

const exploring = exploreData(table(), isAnomaly);
const explore = createModel(exploring);
measure(
  "explore, k moves",
  explore,
  range(1, kMax).map((k) => ({ k })),
);
measure(
  "explore, threshold moves",
  explore,
  range(0, 1, 0.02).map((called) => ({ called })),
);
const tile = explore.view({}).galleries[0].tiles[0];
measure(
  "explainScore, k moves",
  explore.explain(tile, {}),
  range(1, kMax).map((k) => ({ k })),
);
const small = compactData(exploring);
console.log(`explore, saved form: ${small.data.kMax} of ${kMax} neighbors`);

const test = features("test", isAnomaly);
const pool = new ContaminationPool(
  features("normal", new Uint8Array(2500)),
  features("anomaly", new Uint8Array(2500).fill(1)),
  random,
);
const contaminated = await contaminationData(pool, test, isAnomaly, { kMax: 5 });
const contamination = createModel(contaminated);
measure(
  "exploreContamination, rate moves",
  contamination,
  contaminated.rates.map((rate) => ({ rate })),
);
measure(
  "exploreContamination, fraction moves",
  contamination,
  contaminated.cleaned.map((cleaned) => ({ cleaned })),
);
measure(
  "exploreContamination, k moves",
  contamination,
  range(1, 5).map((k) => ({ k })),
);
console.log(
  `exploreContamination: ${(contaminated.test.indices.length / n).toFixed(1)} neighbors kept a test image; ` +
    `saved form: ${compactData(contaminated).notes.join("; ") || "whole"}`,
);

const grouped = await groupsData(features("train", new Uint8Array(2500)), test, isAnomaly, { count: 500 });
measure(
  "exploreGroups, size moves",
  createModel(grouped),
  range(1, 8).map((size) => ({ size })),
);
