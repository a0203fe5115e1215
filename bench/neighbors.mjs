import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../dist/src/core/random.js";
import { loadDataSet, loadExtractor } from "../dist/src/index.js";
import { compare } from "./compare.mjs";
import { growth } from "./growth.mjs";
import { Worker } from "./worker.mjs";

const folder = join(import.meta.dirname, "..", ".cache", "bench");

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

function clustered(n, m, d) {
  mkdirSync(folder, { recursive: true });
  return {
    train: writeClustered(join(folder, `train-${n}-${d}.f32`), n, d, "train"),
    test: writeClustered(join(folder, `test-${m}-${d}.f32`), m, d, "test"),
    n,
    m,
    d,
  };
}

/** Features that no bound can tell apart: independent numbers, so that all rows are about equally far. */
function even(n, m, d) {
  mkdirSync(folder, { recursive: true });
  const write = (name, rows) =>
    writeClustered(join(folder, `even-${name}-${rows}-${d}.f32`), rows, d, `even ${name}`, 1);
  return { train: write("train", n), test: write("test", m), n, m, d };
}

/** MobileNetV2 features of CIFAR-10 with their labels, extracted once; needs both in a folder of DN2_DATA. */
async function real() {
  mkdirSync(folder, { recursive: true });
  const path = (name) => join(folder, `cifar10-${name}`);
  const [n, m, d] = [10000, 10000, 1280];
  if (!existsSync(path("test.i32"))) {
    const extractor = await loadExtractor("mobilenet_v2");
    const data = await loadDataSet("cifar10");
    for (const [name, images, most] of [
      ["train", data.train, n],
      ["test", data.test, m],
    ]) {
      const chosen = images.firstOfEachClass(most / 10);
      writeFileSync(path(`${name}.f32`), (await extractor.extract(chosen)).data);
      writeFileSync(path(`${name}.i32`), Int32Array.from(chosen.labels));
    }
    extractor.dispose();
  }
  const [train, test] = [path("train.f32"), path("test.f32")];
  return { train, test, labels: [path("train.i32"), path("test.i32")], n, m, d };
}

/** The benchmarks of the neighbor search, by name. */
export function neighborSuites({ program, rounds, threads }) {
  const contest = async (title, { files, contenders, task, unit, count }) => {
    const list = contenders.map(([name, library]) => {
      const worker =
        library === undefined
          ? new Worker(process.execPath, [join(import.meta.dirname, "dn2-worker.mjs")])
          : new Worker(program, [join(import.meta.dirname, "python_worker.py")]);
      const prepare = async () => {
        await worker.ask({ task: "load-features", ...files });
        await worker.ask({ ...task, library, threads });
      };
      return { name, worker, prepare };
    });
    const result = await compare(title, list, { rounds, unit, count });
    await Promise.all(list.map(({ worker }) => worker.close()));
    return result;
  };
  const search = (files, k, what, more = [["scikit-learn brute", "sklearn"]]) =>
    contest(`exact kNN, ${what}${files.n} x ${files.m} x ${files.d}, k = ${k}`, {
      files,
      contenders: [["dn2"], ["faiss IndexFlatL2", "faiss"], ...more],
      task: { task: "load-search", k },
      unit: "queries/s",
      count: files.m,
    });
  return {
    "knn-2": () => search(clustered(10000, 2000, 1280), 2, ""),
    "knn-64": () => search(clustered(10000, 2000, 1280), 64, ""),
    "knn-real-2": async () => search(await real(), 2, "CIFAR-10 with MobileNetV2, "),
    "knn-real-64": async () => search(await real(), 64, "CIFAR-10 with MobileNetV2, "),
    "knn-5000-2": () => search(clustered(5000, 10000, 2048), 2, "", []),
    "knn-5000-64": () => search(clustered(5000, 10000, 2048), 64, "", []),
    "knn-50000-2": () => search(clustered(50000, 10000, 2048), 2, "", []),
    "knn-50000-64": () => search(clustered(50000, 10000, 2048), 64, "", []),
    "knn-50000-even-2": () => search(even(50000, 10000, 2048), 2, "rows about equally far, ", []),
    sweep: async () =>
      contest("unimodal sweep of CIFAR-10 from MobileNetV2 features, 10 classes, k = 2", {
        files: await real(),
        contenders: [["dn2"], ["faiss + scikit-learn", "faiss"]],
        task: { task: "load-sweep", k: 2 },
        unit: "sweeps/s",
        count: 1,
      }),
    kmeans: async () =>
      contest("K-means, 10000 x 1280 (CIFAR-10 with MobileNetV2), 100 centers", {
        files: await real(),
        contenders: [["dn2"], ["faiss.Kmeans", "faiss"]],
        task: { task: "load-kmeans", clusters: 100 },
        unit: "builds/s",
        count: 1,
      }),
    growth: () => growth(folder, rounds),
  };
}
