import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "results", "speed");

/** The machine and its load, as a record holds them. */
export function circumstances({ threads, rounds }) {
  const { node } = process.versions;
  return { machine: cpus()[0].model.trim(), threads, node, rounds, load: loadavg()[0] };
}

/** Writes the record of one benchmark to results/speed/NAME.json. */
export function writeRecord(name, record) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(`${path}.part`, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(`${path}.part`, path);
}

/** The records in results/speed by name. */
export function readRecords() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(
    names.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), "utf8"))]),
  );
}
