import { dirname, resolve } from "node:path";
import { Aborted } from "../../src/core/errors.js";
import { checkOptions } from "../../src/core/options.js";
import { kernelDisplayName, kernelName } from "../spec/kernel-spec.js";
import { EvaluatingProcess } from "./evaluating-process.js";
import { type Notebook, type NotebookOutput, readNotebook, writeNotebook } from "./notebook.js";
import { injectParameters } from "./parameters.js";

/** Options of `runNotebook`. */
export interface RunNotebookOptions {
  /** Values for the cell tagged `parameters`, by name. */
  readonly parameters?: Record<string, unknown>;
  /** File to which the executed notebook is written, also when a cell failed; default: none. */
  readonly output?: string;
  /** Go on after a cell that failed; default false. */
  readonly allowErrors?: boolean;
  /** Folder in which the cells run; default the notebook's. */
  readonly folder?: string;
  /** Called with every output as it comes. */
  readonly onOutput?: (output: NotebookOutput, cell: number) => void;
  /** Called before each code cell. */
  readonly onCell?: (cell: number, count: number, source: string) => void;
  /** Interrupts the running cell and stops. */
  readonly signal?: AbortSignal;
  /** More environment for the cells. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A cell that failed. */
export interface FailedCell {
  /** Index among all cells, from 0. */
  readonly index: number;
  /** Number of its run. */
  readonly executionCount: number;
  /** Kind of the error. */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Lines to print, with colors as ANSI sequences. */
  readonly traceback: readonly string[];
}

/** What came of a run. */
export interface NotebookRun {
  /** The executed notebook. */
  readonly notebook: Notebook;
  /** Cells that failed; at most one unless errors were allowed. */
  readonly failed: readonly FailedCell[];
}

/**
 * Executes a notebook without Jupyter: no Python, no sockets.
 *
 * @param path - the notebook; not changed unless it is also the output
 * @param options - parameters, output, errors, progress
 * @returns the executed notebook and the cells that failed
 * @throws DataError when the file is no notebook; RangeError for parameters without a TypeScript name; Error when the
 * process that evaluates the cells ends early; Aborted when the signal is
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  checkOptions("runNotebook", options, optionNames);
  const notebook = await readNotebook(path);
  injectParameters(notebook, options.parameters ?? {});
  forget(notebook);
  const child = new EvaluatingProcess(options.folder ?? dirname(resolve(path)), options.env);
  const interrupt = (): void => child.kill();
  options.signal?.addEventListener("abort", interrupt);
  try {
    const failed = await runCells(notebook, child, options);
    return { notebook, failed };
  } catch (error) {
    throw options.signal?.aborted ? new Aborted(`the run of ${path} was interrupted`) : error;
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
    child.close();
    if (options.output !== undefined) await writeNotebook(options.output, notebook);
  }
}

const optionNames = ["parameters", "output", "allowErrors", "folder", "onOutput", "onCell", "signal", "env"];

function forget(notebook: Notebook): void {
  notebook.metadata.kernelspec ??= {
    display_name: kernelDisplayName,
    language: "typescript",
    name: kernelName,
  };
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
}

async function runCells(
  notebook: Notebook,
  child: EvaluatingProcess,
  options: RunNotebookOptions,
): Promise<FailedCell[]> {
  const failed: FailedCell[] = [];
  let executionCount = 0;
  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code" || cell.source.trim() === "") continue;
    cell.execution_count = ++executionCount;
    options.onCell?.(index, executionCount, cell.source);
    const error = await child.run(cell, executionCount, (output) => options.onOutput?.(output, index));
    if (error) failed.push({ index, executionCount, ...error });
    if (error && !options.allowErrors) break;
  }
  return failed;
}
