import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../dist/src/core/random.js";
import { python } from "./python.mjs";
import { Worker } from "./worker.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".cache", "bench");
const { values: args } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: String(Math.min(2, cpus().length)) },
    only: { type: "string" },
    output: { type: "string" },
  },
});
const rounds = Number(args.rounds);
const threads = Number(args.threads);

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Writes clustered features: rows around `clusters` seeded centres, as extracted features are. */
function writeClustered(path, rows, d, seed, clusters = 50) {
  if (existsSync(path)) return path;
  const centres = new Random("centres");
  const table = Float32Array.from({ length: clusters * d }, () => centres.normal());
  const random = new Random(seed);
  const data = new Float32Array(rows * d);
  for (let i = 0; i < rows; i++) {
    const c = random.integer(clusters) * d;
    for (let j = 0; j < d; j++) data[i * d + j] = Math.max(0, table[c + j] + random.normal());
  }
  writeFileSync(`${path}.partial`, data);
  renameSync(`${path}.partial`, path);
  return path;
}

/** Measures contenders in turn, `rounds` times each after one warm-up. */
async function compare(title, contenders, repeats, unit, count) {
  const times = contenders.map(() => ({ wall: [], cpu: [] }));
  for (const contender of contenders) {
    await contender.prepare();
    await contender.worker.ask({ task: "run", repeats: 1 });
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const { wall, cpu } = await contender.worker.ask({ task: "run", repeats });
      times[i].wall.push(wall / repeats);
      times[i].cpu.push(cpu / repeats);
    }
  }
  const own = { wall: median(times[0].wall), cpu: median(times[0].cpu) };
  const results = contenders.map(({ name }, i) => {
    const wall = median(times[i].wall);
    const pairs = times[i].wall.map((time, round) => times[0].wall[round] / time);
    return {
      name,
      [unit]: count / wall,
      wall,
      cpu: median(times[i].cpu),
      timeRatio: median(pairs),
      cpuRatio: own.cpu / median(times[i].cpu),
    };
  });
  process.stdout.write(`${title}\n`);
  for (const result of results) {
    process.stdout.write(
      `  ${result.name.padEnd(28)} ${result[unit].toFixed(1).padStart(9)} ${unit}  dn2 takes ${result.timeRatio.toFixed(2)} of its time (CPU ${result.cpuRatio.toFixed(2)})\n`,
    );
  }
  return { title, results };
}

async function extraction(network, batch) {
  const workers = [];
  const contender = (name, worker, request) => {
    workers.push(worker);
    return {
      name,
      worker,
      prepare: () => worker.ask({ task: "load-network", network, batch, threads, ...request }),
    };
  };
  const node = () => new Worker(process.execPath, [join(import.meta.dirname, "dn2-worker.mjs")]);
  const torch = () => new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
  const list = [
    contender("dn2 (onnxruntime-node)", node(), { engine: "onnxruntime-node" }),
    contender("torch eager", torch(), { form: "eager" }),
    contender("torch scripted + frozen", torch(), { form: "scripted" }),
  ];
  const result = await compare(`${network}, 224 px, batch ${batch}`, list, 4, "images/s", batch);
  await Promise.all(workers.map((worker) => worker.close()));
  return result;
}

/** From JPEG files to features: reading, decoding, resizing and the network. */
async function jpegExtraction(network, batch) {
  const files = join(folder, "jpeg");
  const weights = join(folder, `${network}.pth`);
  mkdirSync(files, { recursive: true });
  const images = 64;
  const node = new Worker(process.execPath, [join(import.meta.dirname, "dn2-worker.mjs")]);
  const eager = new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
  const scripted = new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
  await eager.ask({ task: "write-jpegs", folder: files, images });
  await eager.ask({ task: "write-weights", network, path: weights });
  const contender = (name, worker, request) => ({
    name,
    worker,
    prepare: () =>
      worker.ask({ task: "load-extraction", network, batch, threads, folder: files, weights, ...request }),
  });
  const list = [
    contender("dn2", node, {}),
    contender("torch eager", eager, { form: "eager" }),
    contender("torch scripted + frozen", scripted, { form: "scripted" }),
  ];
  const title = `${network} from ${images} JPEG files of 640 x 480, 224 px, batch ${batch}`;
  const result = await compare(title, list, 1, "images/s", images);
  await Promise.all([node, eager, scripted].map((worker) => worker.close()));
  return result;
}

async function search(n, m, d, k) {
  mkdirSync(folder, { recursive: true });
  const files = {
    train: writeClustered(join(folder, `train-${n}-${d}.f32`), n, d, "train"),
    test: writeClustered(join(folder, `test-${m}-${d}.f32`), m, d, "test"),
    n,
    m,
    d,
  };
  const node = new Worker(process.execPath, [join(import.meta.dirname, "dn2-worker.mjs")]);
  const faiss = new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
  const sklearn = new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
  const contender = (name, worker, library) => ({
    name,
    worker,
    prepare: async () => {
      await worker.ask({ task: "load-features", ...files });
      await worker.ask({ task: "load-search", library, k, threads });
    },
  });
  const list = [
    contender("dn2", node),
    contender("faiss IndexFlatL2", faiss, "faiss"),
    contender("scikit-learn brute", sklearn, "sklearn"),
  ];
  const result = await compare(`exact kNN, ${n} x ${m} x ${d}, k = ${k}`, list, 1, "queries/s", m);
  await Promise.all([node, faiss, sklearn].map((worker) => worker.close()));
  return result;
}

const program = python();
const suites = {
  squeezenet: () => extraction("squeezenet1_1", 16),
  mobilenet: () => extraction("mobilenet_v2", 16),
  ...Object.fromEntries(
    ["resnet50", "resnet101"].flatMap((network) => [
      [`${network}-8`, () => jpegExtraction(network, 8)],
      [`${network}-32`, () => jpegExtraction(network, 32)],
    ]),
  ),
  "knn-2": () => search(10000, 2000, 1280, 2),
  "knn-64": () => search(10000, 2000, 1280, 64),
};
const chosen = args.only ? args.only.split(",") : Object.keys(suites);
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(
    `unknown benchmark ${unknown.join(", ")}; choose from ${Object.keys(suites).join(", ")}\n`,
  );
  process.exit(2);
}
process.stdout.write(
  `${cpus()[0].model}, ${threads} threads, Node ${process.versions.node}, median of ${rounds} rounds, contenders in turn\n`,
);
const all = [];
for (const name of chosen) all.push(await suites[name]());
if (args.output) writeFileSync(args.output, `${JSON.stringify(all, null, 1)}\n`);
