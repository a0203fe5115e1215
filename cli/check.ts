import { type Notebook, readNotebook } from "../kernel/run/notebook.js";
import { checkRecord, type RunContent, RunRecord, runRecordMime } from "../src/protocols/index.js";
import { type Command, UsageError } from "./command.js";

interface Found {
  /** Number of the cell, from 1, all cells counted. */
  readonly cell: number;
  readonly record: RunContent;
}

/** `dn2 check`: computes a shared notebook's figures again. */
export const checkCommand: Command = {
  usage: "check NOTEBOOK [options]",
  summary:
    "Runs the experiments whose records a notebook shows again and says whether the figures are equal.",
  options: {
    cache: { type: "string", value: "FOLDER", help: "keep extracted features there and find them again" },
  },
  async run({ positionals, values, signal }) {
    if (positionals.length !== 1) {
      throw new UsageError(`check needs one notebook; got ${positionals.join(" ") || "none"}`);
    }
    const [path] = positionals;
    const found = recordsOf(await readNotebook(path));
    if (found.length === 0) {
      process.stderr.write(`dn2: ${path} shows no run record; runExperiment makes one\n`);
      return 1;
    }
    let differ = 0;
    for (const { cell, record } of found) {
      const cache = values.cache === undefined ? {} : { cache: String(values.cache) };
      const { isEqual, figures, largestDifference, differences } = await checkRecord(record, {
        ...cache,
        signal,
      });
      const title = `cell ${cell}: ${new RunRecord(record)}`;
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

function recordsOf({ cells }: Notebook): Found[] {
  return cells.flatMap(({ outputs = [] }, i) =>
    outputs.flatMap((output) => {
      const record = "data" in output ? output.data[runRecordMime] : undefined;
      return record ? [{ cell: i + 1, record: record as RunContent }] : [];
    }),
  );
}
