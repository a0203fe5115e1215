import { mkdirSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "./compare.mjs";
import { neighborSuites } from "./neighbors.mjs";
import { python } from "./python.mjs";
import { circumstances, writeRecord } from "./speed-record.mjs";
import { suiteNames } from "./suites.mjs";
import { Worker } from "./worker.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".cache", "bench");
const { values: args } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: String(Math.min(2, cpus().length)) },
    only: { type: "string" },
    record: { type: "boolean" },
  },
});
const rounds = Number(args.rounds);
const threads = Number(args.threads);

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
  const result = await compare(`${network}, 224 px, batch ${batch}`, list, {
    rounds,
    repeats: 4,
    unit: "images/s",
    count: batch,
  });
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
  const result = await compare(title, list, { rounds, unit: "images/s", count: images });
  await Promise.all([node, eager, scripted].map((worker) => worker.close()));
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
  ...neighborSuites({ program, rounds, threads }),
};
const chosen = args.only ? args.only.split(",") : suiteNames;
const unknown = chosen.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  process.stderr.write(`unknown benchmark ${unknown.join(", ")}; choose from ${suiteNames.join(", ")}\n`);
  process.exit(2);
}
process.stdout.write(
  `${cpus()[0].model}, ${threads} threads, Node ${process.versions.node}, median of ${rounds} rounds, contenders in turn\n`,
);
for (const name of chosen) {
  const { load, ...where } = circumstances({ threads, rounds });
  const loads = [load];
  const watch = setInterval(() => loads.push(loadavg()[0]), 5000);
  try {
    const result = await suites[name]();
    const most = Math.max(...loads);
    process.stdout.write(`  load average ${load.toFixed(1)} before, ${most.toFixed(1)} at most\n`);
    if (args.record) writeRecord(name, { ...where, load: { before: load, most }, ...result });
  } catch (error) {
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    clearInterval(watch);
  }
}
