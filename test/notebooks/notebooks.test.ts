import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runNotebook } from "../../kernel/run/run-notebook.js";
import { describeReal } from "../helpers/real-data.js";
import { difference, withoutTimes } from "./similar.js";

const folder = join(import.meta.dirname, "../../notebooks");
const needsRealData = ["01-wbc.ipynb"];
const largestBytes: Record<string, number> = { "00-tour.ipynb": 2e6 };

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

interface CodeCell {
  cell_type: string;
  source: string | string[];
  metadata: { tags?: string[] };
  execution_count: number | null;
  outputs: Output[];
}

function codeCells(notebook: unknown): CodeCell[] {
  return (notebook as { cells: CodeCell[] }).cells.filter((cell) => cell.cell_type === "code");
}

function committed(name: string): CodeCell[] {
  return codeCells(JSON.parse(readFileSync(join(folder, name), "utf8")));
}

const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text ?? ""));

/** What of a cell's outputs is the same in every run: kinds, forms and texts, without streams, progress and times. */
function lasting(cell: CodeCell): { forms: string; text: string }[] {
  const withoutPictures = cell.metadata.tags?.includes("pictures-not-kept");
  return cell.outputs
    .filter(
      ({ output_type, data }) =>
        output_type !== "stream" && !joined(data?.["text/html"]).startsWith("<progress"),
    )
    .map(({ output_type, data = {} }) => ({
      forms: withoutPictures ? output_type : [output_type, ...Object.keys(data).sort()].join(" "),
      text: withoutTimes(joined(data["text/plain"])),
    }));
}

async function expectSameOutputs(name: string): Promise<void> {
  const { notebook, failed } = await runNotebook(join(folder, name));
  expect(failed.map(({ index, evalue }) => `cell ${index}: ${evalue}`)).toEqual([]);
  const before = committed(name);
  for (const [i, cell] of codeCells(notebook).entries()) {
    const [now, then] = [lasting(cell), lasting(before[i])];
    expect(now.map(({ forms }) => forms)).toEqual(then.map(({ forms }) => forms));
    for (const [j, { text }] of now.entries()) expect(difference(then[j].text, text)).toBeUndefined();
  }
}

const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));

describe("the committed notebooks", () => {
  it.each(names)("%s was executed from top to bottom without error and is small", (name) => {
    const cells = committed(name).filter(({ source }) => joined(source).trim() !== "");
    expect(cells.map((cell) => cell.execution_count)).toEqual(cells.map((_, i) => i + 1));
    expect(
      cells.flatMap(({ outputs }) => outputs).filter(({ output_type }) => output_type === "error"),
    ).toEqual([]);
    expect(statSync(join(folder, name)).size).toBeLessThan(largestBytes[name] ?? 2e6);
  });

  it.each(names)("%s has a picture and a text beside every interactive figure, and no script", (name) => {
    for (const { data } of committed(name).flatMap(({ outputs }) => outputs)) {
      if (data === undefined) continue;
      expect(Object.keys(data)).toContain("text/plain");
      if (data["application/vnd.plotly.v1+json"]) expect(Object.keys(data)).toContain("image/png");
      expect(joined(data["text/html"])).not.toMatch(/<script|javascript:|\son\w+=/i);
    }
  });

  it.each(names.filter((name) => !needsRealData.includes(name)))(
    "%s gives the committed outputs again",
    (name) => expectSameOutputs(name),
    300_000,
  );
});

describeReal("notebooks on real data", () => {
  it.each(needsRealData)("%s gives the committed outputs again", (name) => expectSameOutputs(name), 300_000);
});
