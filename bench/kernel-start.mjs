/*
 * Time from the start of a kernel's process to the result of its first cell, and of cells after it: dn2's kernel, the
 * Python kernel, plain tslab and Deno, in turn.
 *
 *   node bench/kernel-start.mjs [--rounds 10] [--output results/kernel-start.json]
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { kernelSpec } from "../dist/kernel/spec/kernel-spec.js";
import { KernelUnderTest } from "./kernel-client.mjs";

const root = join(import.meta.dirname, "..");
const denoVersion = "2.9.6";
const { values: args } = parseArgs({
  options: { rounds: { type: "string", default: "10" }, output: { type: "string" } },
});

/** Deno's binary comes with its npm package. */
function deno() {
  const folder = join(root, ".cache", "bench", "deno");
  const program = join(folder, "node_modules", ".bin", "deno");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    execFileSync("npm", ["install", "--silent", `deno@${denoVersion}`], { cwd: folder, stdio: "inherit" });
  }
  return program;
}

const python = join(root, ".venv", "bin", "python");
const connection = "{connection_file}";
const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
const contenders = {
  dn2: { argv: kernelSpec().argv, second: "[1, 2, 3].map((x) => x * 2).length + 39" },
  python: {
    argv: [python, "-m", "ipykernel_launcher", "-f", connection],
    second: "len([x * 2 for x in [1, 2, 3]]) + 39",
  },
  tslab: {
    argv: [process.execPath, tslab, "kernel", `--config-path=${connection}`],
    second: "[1, 2, 3].map((x) => x * 2).length + 39",
  },
  deno: {
    argv: [deno(), "jupyter", "--kernel", "--conn", connection],
    second: "[1, 2, 3].map((x) => x * 2).length + 39",
  },
};

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, { first: [], second: [] }]));
times.dn2.firstWithDn2 = [];

for (let round = 0; round <= Number(args.rounds); round++) {
  for (const [name, { argv, second }] of Object.entries(contenders)) {
    const kernel = await KernelUnderTest.start(argv);
    const first = await kernel.run("1 + 41", "42");
    const later = await kernel.run(second, "42");
    await kernel.stop();
    if (round === 0) continue;
    times[name].first.push(first - kernel.began);
    times[name].second.push(later - first);
  }
  const kernel = await KernelUnderTest.start(contenders.dn2.argv);
  const first = await kernel.run("new dn2.Random(1).integer(1) + 42", "42");
  await kernel.stop();
  if (round > 0) times.dn2.firstWithDn2.push(first - kernel.began);
}

const seconds = Object.fromEntries(
  Object.entries(times).map(([name, lists]) => [
    name,
    Object.fromEntries(
      Object.entries(lists).map(([what, list]) => [what, Number((median(list) / 1000).toFixed(3))]),
    ),
  ]),
);
const record = {
  what: "seconds from the start of the process to the first result, from there to the result of a second cell, and from the start to the first result of a cell that uses dn2; medians",
  rounds: Number(args.rounds),
  machine: `${cpus().length} x ${cpus()[0].model}`,
  loadAverage: Number(loadavg()[0].toFixed(1)),
  node: process.version,
  seconds,
};
const text = `${JSON.stringify(record, null, 2)}\n`;
process.stdout.write(text);
if (args.output) writeFileSync(args.output, text);
