import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runNotebook } from "../../kernel/run/run-notebook.js";
import { keepOutputs, keptParameters } from "../../scripts/kept-outputs.mjs";
import { type RunContent, runRecordMime } from "../../src/protocols/index.js";
import { tensorflow } from "../distillation/tensorflow.js";
import { describeReal } from "../helpers/real-data.js";
import { difference, withoutNumbers, withoutTimes } from "./similar.js";

const folder = join(import.meta.dirname, "../../notebooks");
/** Their kept outputs are of real data and are made again in seconds. */
const quickOnRealData = ["01-wbc.ipynb"];
const trains = ["12-distill-your-own.ipynb"];
const largestBytes = 2e6;

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

interface Cell {
  cell_type: string;
  source: string | string[];
  metadata: { tags?: string[] };
  execution_count: number | null;
  outputs?: Output[];
}

interface Content {
  cells: Cell[];
  metadata: { dn2?: { parameters?: Record<string, unknown> } };
}

function codeCells(notebook: { cells: unknown[] }): Cell[] {
  return (notebook.cells as Cell[]).filter((cell) => cell.cell_type === "code");
}

const textOf = (name: string) => readFileSync(join(folder, name), "utf8");
const contentOf = (name: string): Content => JSON.parse(textOf(name));
const committed = (name: string): Cell[] => codeCells(contentOf(name));
const outputsOf = (cells: readonly Cell[]): Output[] => cells.flatMap(({ outputs = [] }) => outputs);

const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text ?? ""));

/** What of a cell's outputs is the same in every run: kinds, forms and texts, without streams, progress and times. */
function lasting(cell: Cell): { forms: string; text: string }[] {
  const withoutPictures = cell.metadata.tags?.includes("pictures-not-kept");
  const wordsOf = cell.metadata.tags?.includes("numbers-vary") ? withoutNumbers : withoutTimes;
  return outputsOf([cell])
    .filter(
      ({ output_type, data }) =>
        output_type !== "stream" && !joined(data?.["text/html"]).startsWith("<progress"),
    )
    .map(({ output_type, data = {} }) => ({
      forms: withoutPictures ? output_type : [output_type, ...Object.keys(data).sort()].join(" "),
      text: wordsOf(joined(data["text/plain"])),
    }));
}

/** Runs a notebook; outputs are compared where the committed ones were made with the same parameters. */
async function expectItRuns(name: string, parameters: Record<string, unknown> = {}): Promise<void> {
  const { notebook, failed } = await runNotebook(join(folder, name), { parameters });
  expect(failed.map(({ index, evalue }) => `cell ${index}: ${evalue}`)).toEqual([]);
  const before = committed(name);
  if (JSON.stringify(keptParameters(contentOf(name))) !== JSON.stringify(parameters)) return;
  const cells = codeCells(keepOutputs(notebook));
  expect(cells).toHaveLength(before.length);
  for (const [i, cell] of cells.entries()) {
    const [now, then] = [lasting(cell), lasting(before[i])];
    expect(now.map(({ forms }) => forms)).toEqual(then.map(({ forms }) => forms));
    for (const [j, { text }] of now.entries()) expect(difference(then[j].text, text)).toBeUndefined();
  }
}

const decimal = /\d[\d,]*\.\d+/g;
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe("the committed notebooks", () => {
  it.each(names)("%s was executed from top to bottom without error and is small", (name) => {
    const cells = committed(name).filter(({ source }) => joined(source).trim() !== "");
    expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, i) => i + 1));
    expect(outputsOf(cells).filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(statSync(join(folder, name)).size).toBeLessThan(largestBytes);
  });

  it.each(names)("%s has one cell of parameters, and names no folder of a machine", (name) => {
    const tagged = committed(name).map(({ metadata }) => metadata.tags ?? []);
    expect(tagged.filter((tags) => tags.includes("parameters"))).toHaveLength(1);
    expect(tagged.filter((tags) => tags.includes("injected-parameters"))).toHaveLength(0);
    expect(textOf(name)).not.toMatch(/(?<![\w.:/])(\/(home|root|tmp|work|usr|Users)\/|[A-Z]:\\\\)\w/);
  });

  it.each(names)("%s shows what its declared parameters give", (name) => {
    const parameters = keptParameters(contentOf(name));
    if (Object.keys(parameters).length === 0) return;
    expect(contentOf(name).metadata.dn2?.parameters).toEqual(parameters);
    const records = outputsOf(committed(name)).flatMap(({ data }) => data?.[runRecordMime] ?? []);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records as RunContent[]) {
      const { dataset = record.dataset.name, extractor = record.extractor.name } = parameters;
      expect([record.dataset.name, record.extractor.name]).toEqual([dataset, extractor]);
    }
  });

  it.each(names)("%s states no decimal in a cell tagged reading that is not in an output above", (name) => {
    const { cells } = contentOf(name);
    for (const [i, { source, metadata }] of cells.entries()) {
      if (!metadata.tags?.includes("reading")) continue;
      const above = outputsOf(cells.slice(0, i)).map(({ data, text }) =>
        joined(data?.["text/plain"] ?? text),
      );
      const known = new Set(above.join(" ").match(decimal));
      expect((joined(source).match(decimal) ?? []).filter((stated) => !known.has(stated))).toEqual([]);
    }
  });

  it.each(names)("%s has a picture and a text beside every interactive figure, and no script", (name) => {
    for (const { data } of outputsOf(committed(name))) {
      if (data === undefined) continue;
      expect(Object.keys(data)).toContain("text/plain");
      if (data["application/vnd.plotly.v1+json"]) expect(Object.keys(data)).toContain("image/png");
      expect(joined(data["text/html"])).not.toMatch(/<script|javascript:|\son\w+=/i);
    }
  });

  it.each(names.filter((name) => tensorflow || !trains.includes(name)))(
    "%s runs on what comes with the package, and gives the committed outputs again if they are of that",
    (name) => expectItRuns(name),
    300_000,
  );
});

describeReal("notebooks on real data", () => {
  it.each(quickOnRealData)(
    "%s gives the committed outputs again",
    (name) => expectItRuns(name, keptParameters(contentOf(name))),
    300_000,
  );
});
