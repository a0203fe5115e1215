import { DataError } from "../../src/core/errors.js";
import { hasTag, type Notebook, type NotebookCell } from "../run/notebook.js";

/** What a reader may find in a shared notebook. */
export interface Allowances {
  /** Cells that failed. */
  readonly allowErrors?: boolean;
  /** Cells that were not executed. */
  readonly allowUnexecuted?: boolean;
}

/**
 * Refuses a notebook that does not show what its code does. Cells tagged `raises-exception` may fail.
 *
 * @param path - names the notebook in messages
 * @param notebook - the notebook
 * @param allowances - what is allowed nevertheless
 * @throws DataError naming the cells that failed or were not executed
 */
export function checkExecuted(path: string, notebook: Notebook, allowances: Allowances): void {
  const cells = codeCells(notebook);
  const failed = cells.filter(({ cell }) => hasFailed(cell) && !hasTag(cell, "raises-exception"));
  const unexecuted = cells.filter(({ cell }) => !(Number(cell.execution_count) > 0));
  if (unexecuted.length > 0 && !allowances.allowUnexecuted) {
    throw new DataError(
      `${path} must be executed before it is shared; ${named(unexecuted)} not executed: run it, or share it all the same with --allow-unexecuted`,
      path,
    );
  }
  if (failed.length > 0 && !allowances.allowErrors) {
    throw new DataError(
      `${path} must have run without an error before it is shared; ${named(failed)} in error: correct and run it, or share it all the same with --allow-errors`,
      path,
    );
  }
}

/**
 * @param notebook - the notebook
 * @returns whether its cells were run from top to bottom, each once
 */
export function isInOrder(notebook: Notebook): boolean {
  const counts = codeCells(notebook).flatMap(({ cell }) => cell.execution_count ?? []);
  return counts.every((count, i) => i === 0 || count > counts[i - 1]);
}

interface NumberedCell {
  readonly cell: NotebookCell;
  readonly number: number;
}

function codeCells(notebook: Notebook): NumberedCell[] {
  return notebook.cells
    .filter((cell) => cell.cell_type === "code" && cell.source.trim() !== "")
    .map((cell, i) => ({ cell, number: i + 1 }));
}

function hasFailed(cell: NotebookCell): boolean {
  return (cell.outputs ?? []).some((output) => output.output_type === "error");
}

const mostNamed = 5;

function named(cells: readonly NumberedCell[]): string {
  const names = cells.slice(0, mostNamed).map(({ cell, number }) => {
    const line = cell.source.trim().split("\n")[0];
    return `${number} (${line.length > 40 ? `${line.slice(0, 39)}…` : line})`;
  });
  const more = cells.length > mostNamed ? ` and ${cells.length - mostNamed} more` : "";
  return cells.length === 1 ? `code cell ${names[0]} is` : `code cells ${names.join(", ")}${more} are`;
}
