import { describe, expect, it } from "vitest";
import { compareOutputs } from "../../kernel/run/compare-outputs.js";
import type { Notebook, NotebookCell, NotebookOutput } from "../../kernel/run/notebook.js";

const printed = (text: string): NotebookOutput => ({ output_type: "stream", name: "stdout", text });
const notebook = (...outputs: NotebookOutput[][]): Notebook => ({
  cells: outputs.map((own) => ({ cell_type: "code", metadata: {}, source: "", outputs: own })),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const compared = (before: string, after: string) =>
  compareOutputs(notebook([printed(before)]), notebook([printed(after)]))[0];

describe("what cells say, compared", () => {
  it.each([
    ["ROCAUC 87.2 %, 95 % interval 82.4 to 92.1", "ROCAUC 87.2 %, 95 % interval 82.4 to 92.2"],
    ["area 0.87218", "area 0.87219"],
    ["1,234.56 of 60", "1,235.01 of 60"],
    ["scored in 1.2 s, 84 images/s", "scored in 12 min, 9,000 images/s"],
    ["a\n\n  b", "a\nb"],
    ["loss 1.5e-7", "loss 1.5003e-7"],
  ])("%j is the same as %j", (before, after) => {
    expect(compared(before, after)).toMatchObject({ index: 0, isEqual: true });
  });

  it.each([
    ["ROCAUC 87.2 %", "ROCAUC 87.4 %"],
    ["12 of 60 images", "13 of 60 images"],
    ["12 of 60 images", "12 of 60 pictures"],
    ["1.25 s of sound", "1.25 of sound"],
    ["a\nb 1.0", "a"],
    ["image 5", "image #"],
    ["image #", "image 5"],
    ["", "a"],
  ])("%j is not the same as %j", (before, after) => {
    const { isEqual, difference } = compared(before, after);
    expect(isEqual).toBe(false);
    expect(difference).not.toBeUndefined();
  });

  it("counts the numbers, and says the first lines that differ", () => {
    expect(compared("a 1.5 of 3\nb 2.5", "a 1.5 of 3\nb 3.5")).toEqual({
      index: 0,
      isEqual: false,
      figures: 3,
      difference: ["b 2.5", "b 3.5"],
    });
  });

  it("takes displays by their text and errors by their words, and passes over stderr, notes, progress and pictures", () => {
    const shown = (text: string, picture: string): NotebookOutput => ({
      output_type: "display_data",
      data: { "text/plain": text, "image/png": picture },
      metadata: {},
    });
    const failed = (evalue: string): NotebookOutput => ({
      output_type: "error",
      ename: "RangeError",
      evalue,
      traceback: [evalue],
    });
    const progress: NotebookOutput = {
      output_type: "display_data",
      data: { "text/plain": "extracting: 1 of 2", "text/html": "<progress value=1></progress>" },
      metadata: {},
    };
    const warning: NotebookOutput = { output_type: "stream", name: "stderr", text: "slow" };
    const outcome = compareOutputs(
      notebook(
        [shown("Figure 1.5", "one"), progress],
        [failed("k must be 1")],
        [progress, warning, printed("note: cached")],
      ),
      notebook([shown("Figure 1.5", "two")], [failed("k must be 2")], []),
    );
    expect(outcome.map(({ isEqual }) => isEqual)).toEqual([true, false, undefined]);
  });

  it("compares only the words of a cell whose numbers vary", () => {
    const one = notebook([printed("loss 1.5, 12 of 60")], [printed("loss 1.5")]);
    for (const cell of one.cells) cell.metadata = { tags: ["numbers-vary"] };
    const outcome = compareOutputs(one, notebook([printed("loss 2.5, 13 of 60")], [printed("no loss 1.5")]));
    expect(outcome.map(({ isEqual, figures }) => [isEqual, figures])).toEqual([
      [true, 0],
      [false, 0],
    ]);
  });

  it("passes over cells that are tagged so, and the one that holds injected parameters", () => {
    const tagged = (name: string, source = ""): NotebookCell => ({
      cell_type: "code",
      metadata: { tags: [name] },
      source,
      outputs: [printed(source)],
    });
    const kept = notebook([printed("a 1.5")]);
    const now = notebook([printed("a 1.5")]);
    kept.cells.push(tagged("nbval-ignore-output", "1"));
    now.cells.push(tagged("nbval-ignore-output", "2"));
    now.cells.unshift(tagged("injected-parameters"));
    expect(compareOutputs(kept, now).map(({ index, isEqual }) => [index, isEqual])).toEqual([
      [0, true],
      [1, undefined],
    ]);
  });
});
