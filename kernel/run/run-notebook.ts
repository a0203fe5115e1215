import { dirname, resolve } from "node:path";
import { Aborted, DataError } from "../../src/core/errors.js";
import { checkOptions } from "../../src/core/options.js";
import { packageVersion } from "../package-root.js";
import { kernelInfo } from "../server/kernel-info.js";
import { kernelDisplayName, kernelName } from "../spec/kernel-spec.js";
import { type CellFailure, EvaluatingProcess } from "./evaluating-process.js";
import {
  hasTag,
  type Notebook,
  type NotebookCell,
  type NotebookOutput,
  readNotebook,
  writeNotebook,
} from "./notebook.js";
import { injectParameters } from "./parameters.js";

/** Options of `runNotebook`. */
export interface RunNotebookOptions {
  /** Values for the cell tagged `parameters`, by name; "kept": those of the last run; default those that the cell declares. */
  readonly parameters?: Record<string, unknown> | "kept";
  /** File to which the executed notebook is written, also when a cell failed; default: none. */
  readonly output?: string;
  /** Go on after a cell that failed; default false. */
  readonly allowErrors?: boolean;
  /** Milliseconds that a cell may take; a cell that takes longer fails and ends the run; default: no limit. */
  readonly timeoutMs?: number;
  /** Folder in which the cells run; default the notebook's. */
  readonly folder?: string;
  /** Called with every output as it comes. */
  readonly onOutput?: (output: NotebookOutput, cell: number) => void;
  /** Called when a code cell starts and when it has ended. */
  readonly onCell?: (progress: CellProgress) => void;
  /** Interrupts the running cell and stops. */
  readonly signal?: AbortSignal;
  /** More environment for the cells. */
  readonly env?: NodeJS.ProcessEnv;
}

/** How far a run is. */
export interface CellProgress {
  /** Index of the cell among all cells, from 0. */
  readonly index: number;
  /** Which of the code cells it is, from 1. */
  readonly number: number;
  /** How many code cells there are. */
  readonly count: number;
  /** First line of its code that is not only a comment. */
  readonly label: string;
  /** What has happened. */
  readonly state: "started" | "succeeded" | "failed";
  /** Milliseconds since the cell started. */
  readonly elapsedMs: number;
}

/** A cell that failed. */
export interface FailedCell {
  /** Index among all cells, from 0. */
  readonly index: number;
  /** Number of its run: which of the code cells it is, from 1. */
  readonly executionCount: number;
  /** Line of the cell, from 1, where it is known. */
  readonly line?: number;
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

/** The output is written after a cell when it has not been for this long, so that a crash leaves most of it. */
const writeEveryMs = 5000;

/**
 * Executes a notebook without Jupyter: no Python, no sockets. Cells tagged `raises-exception` may fail.
 *
 * @param path - the notebook; not changed unless it is also the output
 * @param options - parameters, output, errors, progress
 * @returns the executed notebook and the cells that failed
 * @throws DataError when the file is no TypeScript notebook; RangeError and TypeError for parameters without a
 * TypeScript name or not of the declared kind; Aborted when the signal is, after what was executed was written
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  checkOptions("runNotebook", options, optionNames);
  const notebook = await readNotebook(path);
  checkLanguage(path, notebook);
  const { parameters = {} } = options;
  if (parameters !== "kept") injectParameters(notebook, parameters);
  forget(notebook, options.parameters);
  const child = new EvaluatingProcess(options.folder ?? dirname(resolve(path)), options.env);
  const interrupt = (): void => child.interrupt();
  options.signal?.addEventListener("abort", interrupt);
  try {
    const failed = await runCells(notebook, child, options);
    if (options.signal?.aborted) throw new Aborted(`the run of ${path} was interrupted`);
    return { notebook, failed };
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
    child.close();
    if (options.output !== undefined) await writeNotebook(options.output, notebook);
  }
}

const optionNames = [
  ...["parameters", "output", "allowErrors", "timeoutMs", "folder", "onOutput", "onCell", "signal", "env"],
];

function checkLanguage(path: string, { metadata }: Notebook): void {
  const { language } = (metadata.kernelspec ?? {}) as { language?: string };
  if (language === undefined || /^(typescript|javascript)$/i.test(language)) return;
  throw new DataError(`${path} must be a TypeScript notebook; its kernel speaks ${language}`, path);
}

function forget(notebook: Notebook, parameters: object | "kept" | undefined): void {
  notebook.metadata.kernelspec ??= {
    display_name: kernelDisplayName,
    language: "typescript",
    name: kernelName,
  };
  notebook.metadata.language_info ??= kernelInfo().language_info;
  notebook.metadata.dn2 = { version: packageVersion, executed: new Date().toISOString(), parameters };
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
  const cells = [...notebook.cells.entries()].filter(([, cell]) => isToBeRun(cell));
  const failed: FailedCell[] = [];
  await child.ready;
  let written = performance.now();
  for (const [at, [index, cell]] of cells.entries()) {
    if (options.signal?.aborted) break;
    const started = performance.now();
    const executionCount = at + 1;
    const report = (state: CellProgress["state"]): void => {
      const elapsedMs = performance.now() - started;
      options.onCell?.({
        ...{ index, number: executionCount, count: cells.length },
        ...{ label: labelOf(cell), state, elapsedMs },
      });
    };
    report("started");
    cell.execution_count = executionCount;
    const run = child.run(cell, executionCount, (output) => options.onOutput?.(output, index));
    const outcome = await withinTime(run, cell, child, options.timeoutMs);
    const failure = outcome && !outcome.fatal && hasTag(cell, "raises-exception") ? undefined : outcome;
    if (failure) failed.push({ index, executionCount, line: failure.line, ...failure.error });
    report(failure ? "failed" : "succeeded");
    if (failure && (failure.fatal || !options.allowErrors)) break;
    if (options.output !== undefined && performance.now() - written > writeEveryMs) {
      await writeNotebook(options.output, notebook);
      written = performance.now();
    }
  }
  return failed;
}

async function withinTime(
  run: Promise<CellFailure | undefined>,
  cell: NotebookCell,
  child: EvaluatingProcess,
  timeoutMs: number | undefined,
): Promise<CellFailure | undefined> {
  if (timeoutMs === undefined) return run;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.interrupt();
  }, timeoutMs);
  const failure = await run;
  clearTimeout(timer);
  if (!late || !failure) return failure;
  const evalue = `the cell took longer than ${timeoutMs / 1000} s`;
  const error = { ename: "Timeout", evalue, traceback: [`\x1b[31mTimeout\x1b[39m: ${evalue}`] };
  cell.outputs?.splice(-1, 1, { output_type: "error", ...error });
  return { error, fatal: true };
}

function isToBeRun(cell: NotebookCell): boolean {
  return cell.cell_type === "code" && cell.source.trim() !== "";
}

function labelOf({ source }: NotebookCell): string {
  const lines = source.split("\n").map((line) => line.trim());
  const line = lines.find((text) => text !== "" && !text.startsWith("//")) ?? lines.find(Boolean) ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
