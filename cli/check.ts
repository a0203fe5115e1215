import { readFile } from "node:fs/promises";
import { compareOutputs } from "../kernel/run/compare-outputs.js";
import { type Notebook, readNotebook } from "../kernel/run/notebook.js";
import { runNotebook } from "../kernel/run/run-notebook.js";
import { DataError, whyNotJson } from "../src/core/errors.js";
import { formatCount } from "../src/plots/number-format.js";
import { checkRecord, type RunContent, RunRecord, runRecordMime } from "../src/protocols/index.js";
import { type Command, UsageError } from "./command.js";
import { ConsoleProgress } from "./console-progress.js";
import { cacheFolderOption, inputFile } from "./files.js";

interface Found {
  /** Where it stands: the cell's number, from 1, all cells counted, or the record's file. */
  readonly place: string;
  readonly record: RunContent;
}

/** `dn2 check`: computes the figures of a shared notebook, or of a run record, again. */
export const checkCommand: Command = {
  usage: "check FILE [options]",
  summary:
    "Runs the experiments whose records a notebook (.ipynb) or a record file (.json) holds again and says whether the figures are equal.",
  options: {
    execute: {
      type: "boolean",
      help: "execute a notebook's cells again, all of its code, and compare what each of them says; for notebooks that work step by step",
    },
    cache: {
      type: "string",
      value: "FOLDER",
      help: "take extracted features from there; default all are extracted again",
    },
  },
  async run({ positionals, values, signal }) {
    const path = inputFile("check needs one notebook or record (.ipynb or .json)", positionals);
    const folder = cacheFolderOption(values);
    if (values.execute === true) {
      if (!path.endsWith(".ipynb")) throw new UsageError(`--execute needs a notebook (.ipynb); got ${path}`);
      return await checkByExecution(path, signal);
    }
    const found = path.endsWith(".json") ? [await readRecord(path)] : recordsOf(await readNotebook(path));
    if (found.length === 0) {
      const way = path.endsWith(".ipynb") ? "; --execute runs its cells and compares what they say" : "";
      throw new DataError(`${path} shows no run record, as runExperiment makes them${way}`, path);
    }
    let differ = 0;
    for (const { place, record } of found) {
      const cache = folder === undefined ? {} : { cache: folder };
      const { isEqual, figures, largestDifference, differences } = await checkRecord(record, {
        ...cache,
        signal,
      });
      const title = `${place}: ${new RunRecord(record)}`;
      const largest = (100 * largestDifference).toFixed(3);
      process.stdout.write(
        isEqual
          ? `${title}: equal (${figures} figures, largest difference ${largest} points)\n`
          : `${title}: differs\n${differences.map((text) => `  ${text}\n`).join("")}`,
      );
      if (!isEqual) differ++;
    }
    return differ === 0 ? 0 : 1;
  },
};

async function checkByExecution(path: string, signal: AbortSignal): Promise<number> {
  const kept = await readNotebook(path);
  if (!kept.cells.some(({ outputs }) => outputs && outputs.length > 0)) {
    throw new DataError(`${path} must be an executed notebook; its cells have no output`, path);
  }
  const { parameters = "kept" } = (kept.metadata.dn2 ?? {}) as { parameters?: Record<string, unknown> };
  const progress = new ConsoleProgress(path, false);
  let now: Notebook;
  try {
    const run = await runNotebook(path, {
      signal,
      parameters,
      allowErrors: true,
      onCell: (cell) => progress.cell(cell),
    });
    now = run.notebook;
  } finally {
    progress.end(undefined);
  }
  let differ = 0;
  for (const { index, isEqual, figures, difference } of compareOutputs(kept, now)) {
    if (isEqual === undefined) continue;
    const numbers = formatCount(figures, "number");
    process.stdout.write(`cell ${index + 1}: ${isEqual ? `equal (${numbers})` : "differs"}\n`);
    if (difference)
      process.stdout.write(`  was ${difference[0] || "nothing"}\n  now ${difference[1] || "nothing"}\n`);
    if (!isEqual) differ++;
  }
  return differ === 0 ? 0 : 1;
}

function recordsOf({ cells }: Notebook): Found[] {
  return cells.flatMap(({ outputs = [] }, i) =>
    outputs.flatMap((output) => {
      const record = "data" in output ? output.data[runRecordMime] : undefined;
      return record ? [{ place: `cell ${i + 1}`, record: record as RunContent }] : [];
    }),
  );
}

async function readRecord(path: string): Promise<Found> {
  let content: RunContent;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new DataError(`cannot read the record ${path}: ${whyNotJson(error)}`, path, error);
  }
  const isRecord =
    typeof content?.experiment === "string" &&
    typeof content.dataset?.name === "string" &&
    typeof content.extractor?.name === "string" &&
    (content.rocAuc !== undefined || content.varied !== undefined);
  if (!isRecord) {
    throw new DataError(
      `${path} must be a run record, as npx dn2 run EXPERIMENT --json prints it or --output writes it; it is none`,
      path,
    );
  }
  return { place: path, record: content };
}
