import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../dist/src/core/random.js";
import { npyHeader } from "../dist/src/extractors/npy.js";
import { median } from "./compare.mjs";

const d = 256;
const queries = 1000;
const maxMemory = 256 * 1024 * 1024;
const pieceRows = 10_000;

async function writeRows(path, n) {
  if (existsSync(path)) return;
  const random = new Random(`growth ${n}`);
  const file = await open(`${path}.partial`, "w");
  await file.write(npyHeader("<f4", [n, d]));
  const centers = Float32Array.from({ length: 50 * d }, () => random.normal());
  for (let done = 0; done < n; done += pieceRows) {
    const rows = Math.min(pieceRows, n - done);
    const data = new Float32Array(rows * d);
    for (let i = 0; i < rows; i++) {
      const c = random.integer(50) * d;
      for (let j = 0; j < d; j++) data[i * d + j] = Math.max(0, centers[c + j] + 2 * random.uniform() - 1);
    }
    await file.write(new Uint8Array(data.buffer));
  }
  await file.close();
  renameSync(`${path}.partial`, path);
}

/**
 * Time and peak memory of a search in a file of 1,000 to 1,000,000 rows, each in processes of its own: medians, and the
 * highest peak.
 */
export async function growth(folder, rounds) {
  mkdirSync(folder, { recursive: true });
  const title = `search in a file within ${maxMemory / 2 ** 20} MB, n x ${queries} x ${d}, k = 2`;
  process.stdout.write(`${title}\n`);
  const results = [];
  const asked = join(folder, `growth-queries-${d}.npy`);
  await writeRows(asked, queries);
  for (const n of [1000, 10_000, 100_000, 1_000_000]) {
    const path = join(folder, `growth-${n}-${d}.npy`);
    await writeRows(path, n);
    const worker = join(import.meta.dirname, "growth-worker.mjs");
    const measured = Array.from({ length: rounds }, () =>
      JSON.parse(
        execFileSync(process.execPath, [worker, path, asked, String(maxMemory)], { encoding: "utf8" }),
      ),
    );
    const [openS, searchS, cpu] = ["openS", "searchS", "cpu"].map((name) =>
      median(measured.map((one) => one[name])),
    );
    const peakBytes = Math.max(...measured.map((one) => one.peakBytes));
    results.push({ n, fileBytes: statSync(path).size, openS, searchS, peakBytes, cpu });
    process.stdout.write(
      `  ${String(n).padStart(9)} rows  open ${openS.toFixed(2)} s, search ${searchS.toFixed(2)} s (CPU ${cpu.toFixed(2)} s), peak ${Math.round(peakBytes / 2 ** 20)} MB\n`,
    );
  }
  return { title, results };
}
