import { hasTag, type Notebook, type NotebookCell, type NotebookOutput } from "./notebook.js";

/** How a code cell's outputs compare with those that it had. */
export interface ComparedCell {
  /** Index among all cells, from 0. */
  readonly index: number;
  /** Whether they say the same; undefined where the cell is tagged `nbval-ignore-output`, or said nothing either time. */
  readonly isEqual: boolean | undefined;
  /** Numbers that were compared. */
  readonly figures: number;
  /** The first lines that differ; empty where one says less. */
  readonly difference?: readonly [kept: string, now: string];
}

/** A decimal fraction may differ by this share of itself: engines of other machines round differently. */
const tolerance = 1e-3;

/**
 * Compares what the cells of a notebook say, words and numbers, with what they said before. Whole numbers must be the same; a decimal
 * fraction may differ by a thousandth of itself or by one in its last digit; durations and rates are passed over, as are pictures, progress,
 * notes ("note: 20 images were in the cache") and what is written to stderr. Of a cell tagged `numbers-vary`, as that of a training is, only the words are compared.
 *
 * @param kept - a notebook as it was found
 * @param now - the same notebook, executed again
 * @returns one entry a code cell
 */
export function compareOutputs(kept: Notebook, now: Notebook): ComparedCell[] {
  const again = now.cells.filter(isOwn);
  const own = [...kept.cells.entries()].filter(([, cell]) => isOwn(cell));
  return own.flatMap(([index, cell], i) =>
    cell.cell_type === "code" ? [compareCell(index, cell, again[i])] : [],
  );
}

function isOwn(cell: NotebookCell): boolean {
  return !hasTag(cell, "injected-parameters");
}

function compareCell(index: number, cell: NotebookCell, again: NotebookCell | undefined): ComparedCell {
  const [before, after] = [cell, again].map((one) => (one?.outputs ?? []).flatMap(linesOf));
  const silent = before.length === 0 && after.length === 0;
  if (silent || hasTag(cell, "nbval-ignore-output")) return { index, isEqual: undefined, figures: 0 };
  const numbersVary = hasTag(cell, "numbers-vary");
  const figures = numbersVary ? 0 : before.reduce((sum, line) => sum + partsOf(line).numbers.length, 0);
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [a, b] = [before[i] ?? "", after[i] ?? ""];
    if (!saysTheSame(a, b, numbersVary))
      return { index, isEqual: false, figures, difference: [a.trim(), b.trim()] };
  }
  return { index, isEqual: true, figures };
}

function linesOf(output: NotebookOutput): string[] {
  if (output.output_type === "error") return [`${output.ename}: ${output.evalue}`];
  if (output.output_type === "stream") return output.name === "stdout" ? lines(output.text) : [];
  if (String([output.data["text/html"]].flat().join("")).startsWith("<progress")) return [];
  const text = output.data["text/plain"];
  return typeof text === "string" || Array.isArray(text) ? lines([text].flat().join("")) : [];
}

/** Notes, and what depends on what was extracted before. */
const passing = /^note: | images were in the cache/;

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !passing.test(line));
}

const duration = /\d[\d,]*(\.\d+)?\s?(ms|s|min|h|\w+\/s)(?![\w/])/g;
const number = /\d[\d,]*(\.\d+)?(e[+-]?\d+)?/g;

function partsOf(line: string): { words: string; numbers: string[] } {
  const text = line.replace(duration, "TIME");
  return { words: text.replace(number, "#").replace(/\s+/g, " ").trim(), numbers: text.match(number) ?? [] };
}

function saysTheSame(a: string, b: string, numbersVary: boolean): boolean {
  const [one, other] = [partsOf(a), partsOf(b)];
  if (one.words !== other.words || one.numbers.length !== other.numbers.length) return false;
  return numbersVary || one.numbers.every((text, i) => isNear(text, other.numbers[i]));
}

function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [a, b].map((text) => Number(text.replaceAll(",", "")));
  const digits = /\.(\d+)/.exec(a)?.[1].length;
  if (digits === undefined && !a.includes("e")) return false;
  const lastDigit = digits === undefined || a.includes("e") ? 0 : 10 ** -digits;
  return Math.abs(x - y) <= Math.max(1.001 * lastDigit, tolerance * Math.abs(x));
}
