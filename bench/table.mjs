// The table of speeds in the README, from the records that `node bench/run.mjs --record` leaves in results/speed:
// node bench/table.mjs prints it, --write puts it into README.md between its marks.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readRecords } from "./speed-record.mjs";
import { suiteNames } from "./suites.mjs";

const { values } = parseArgs({ options: { write: { type: "boolean" } } });
const [begin, end] = ["<!-- speed: written by node bench/table.mjs --write -->", "<!-- end of speed -->"];

function rateOf(own) {
  const unit = Object.keys(own).find((key) => key.endsWith("/s"));
  const rate = own[unit];
  return rate >= 10 ? `${Math.round(rate).toLocaleString("en")} ${unit}` : `${own.wall.toFixed(2)} s`;
}

function rows({ title, results }) {
  const [own, ...others] = results;
  return others.map(
    (other, i) =>
      `| ${i === 0 ? `${title} (${rateOf(own)})` : ""} | ${other.name} | ${other.timeRatio.toFixed(2)} | ${other.cpuRatio.toFixed(2)} |`,
  );
}

const isBusy = ({ load, threads }) => load !== undefined && load.most > threads + 1;

/** What records must have in common to stand in one table. */
const groupOf = (record) => {
  const { machine, threads, node, rounds, note = "" } = record;
  return JSON.stringify([machine, threads, node, rounds, note, isBusy(record)]);
};

function setting(group) {
  const [{ machine, threads, node, rounds, note }] = group;
  const most = Math.max(...group.map(({ load }) => load?.most ?? 0));
  const busy = isBusy(group[0])
    ? `; other work ran on the machine (load average up to ${most.toFixed(0)}), so the share of CPU time is what counts`
    : "";
  const how = rounds === 1 ? "one round" : `medians of ${rounds} rounds`;
  return `On ${machine}, ${threads} threads, Node ${node}, ${how}${busy}${note ? `; ${note}` : ""}:`;
}

function growthText({ title, results }) {
  const parts = results.map(
    ({ n, searchS, cpu, peakBytes }) =>
      `${n.toLocaleString("en")} rows ${searchS.toFixed(1)} s, the whole process with its threads and the ids of the rows ${cpu.toFixed(1)} s of CPU and ${Math.round(peakBytes / 2 ** 20)} MB at most`,
  );
  return `${title[0].toUpperCase()}${title.slice(1)}: ${parts.join("; ")}.`;
}

const records = readRecords();
const names = suiteNames.filter((name) => records.has(name));
const chosen = names.map((name) => records.get(name));
const lines = [];
for (const key of new Set(chosen.map(groupOf))) {
  const own = chosen.filter((record) => groupOf(record) === key);
  lines.push(setting(own), "");
  const compared = own.filter(({ results }) => results[0].timeRatio !== undefined);
  if (compared.length > 0) {
    lines.push(
      "| what (how fast dn2 is) | compared with | share of its time that dn2 takes | share of its CPU time |",
    );
    lines.push("| --- | --- | --- | --- |", ...compared.flatMap(rows), "");
  }
  const growth = own.filter((record) => !compared.includes(record)).map(growthText);
  if (growth.length > 0) lines.push(...growth, "");
}
const text = lines.join("\n");

if (values.write) {
  const path = join(import.meta.dirname, "..", "README.md");
  const readme = readFileSync(path, "utf8");
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md must hold the lines ${begin} and ${end}`);
  writeFileSync(`${path}.part`, `${readme.slice(0, from)}${begin}\n\n${text}\n${readme.slice(to)}`);
  renameSync(`${path}.part`, path);
} else {
  process.stdout.write(text);
}
