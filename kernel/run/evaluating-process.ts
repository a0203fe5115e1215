import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CellError, interruptedError } from "../evaluator/cell-error.js";
import { packageRoot } from "../package-root.js";
import { nodeArguments } from "../spec/node-arguments.js";
import { CellOutputs } from "./cell-outputs.js";
import type { NotebookCell, NotebookOutput } from "./notebook.js";
import type { FromChild, ToChild } from "./protocol.js";

/** How a cell failed. */
export interface CellFailure {
  /** The error as front ends show it. */
  readonly error: CellError;
  /** Line of the cell, from 1, where it is known. */
  readonly line?: number;
  /** Whether the process has ended, so that no other cell can run. */
  readonly fatal: boolean;
}

/** Interrupted code gets this long to end by itself. */
const graceMs = 2000;

/** The process in which a notebook's cells run. */
export class EvaluatingProcess {
  readonly #child: ChildProcess;
  readonly #outputs = new CellOutputs();
  #nativeText = "";
  #ended: Error | undefined;
  readonly #ready: Promise<void>;
  #settle: ((message: FromChild | Error) => void) | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  readonly #killAtExit = (): void => this.kill();

  /**
   * Starts the process.
   *
   * @param folder - where the cells run
   * @param env - more environment for them
   * @throws Error when the kernel is not built
   */
  constructor(folder: string, env: NodeJS.ProcessEnv | undefined) {
    const main = join(packageRoot, "dist", "kernel", "run", "child.js");
    if (!existsSync(main)) throw new Error(`${main} is missing; run npm run build first`);
    this.#child = fork(main, {
      cwd: folder,
      env: { ...process.env, ...env },
      execArgv: nodeArguments(),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (text) => {
        this.#nativeText = (this.#nativeText + text).slice(-2000);
      });
    }
    process.once("exit", this.#killAtExit);
    let ready = (): void => {};
    this.#ready = new Promise((resolve) => {
      ready = resolve;
    });
    this.#child.on("message", (message: FromChild) => {
      if (message.kind === "ready") ready();
      if (message.kind === "done" || message.kind === "error") this.#settle?.(message);
      else this.#outputs.take(message);
    });
    this.#child.on("error", (error) => {
      this.#end(error);
      ready();
    });
    this.#child.on("close", (code, signal) => {
      ready();
      const text = this.#nativeText.trim();
      const how = signal ?? `exit code ${code}`;
      this.#end(new Error(`the process that runs the cells ended early (${how})${text ? `: ${text}` : ""}`));
    });
  }

  /** Resolves when the first cell can run; also when the process could not start, which `run` will tell. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /**
   * Runs a cell.
   *
   * @param cell - receives the outputs
   * @param executionCount - number of the run
   * @param onOutput - called with each output as it comes
   * @returns how it failed; undefined when it did not
   */
  async run(
    cell: NotebookCell,
    executionCount: number,
    onOutput: (output: NotebookOutput) => void,
  ): Promise<CellFailure | undefined> {
    const label = `cell [${executionCount}]`;
    cell.outputs = [];
    this.#outputs.begin(label, cell.outputs, onOutput);
    const message = await new Promise<FromChild | Error>((resolve) => {
      this.#settle = resolve;
      if (this.#ended) resolve(this.#ended);
      else this.#send({ kind: "run", label, code: cell.source });
    });
    if (message instanceof Error) {
      const error = this.#killTimer ? interruptedError : endedEarly(message);
      return this.#failed(label, { error, fatal: true });
    }
    if (message.kind === "error") {
      return this.#failed(label, { error: message.error, line: message.line, fatal: false });
    }
    if (message.kind === "done" && message.data !== undefined) {
      this.#outputs.result(label, executionCount, message.data);
    }
    return undefined;
  }

  /** Interrupts the running cell: code that awaits ends by itself, code that does not is ended with the process. */
  interrupt(): void {
    this.#send({ kind: "interrupt" });
    this.#killTimer ??= setTimeout(() => this.kill(), graceMs);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends the process in order, or by force when it does not react. */
  close(): void {
    if (this.#ended) return;
    clearTimeout(this.#killTimer);
    this.#send({ kind: "end" });
    const timer = setTimeout(() => this.kill(), 2000);
    this.#child.once("exit", () => clearTimeout(timer));
  }

  #failed(label: string, failure: CellFailure): CellFailure {
    this.#outputs.error(label, failure.error);
    return failure;
  }

  #send(message: ToChild): void {
    // A failure to send is followed by "close", which is reported.
    this.#child.send(message, () => {});
  }

  #end(error: Error): void {
    this.#ended = error;
    clearTimeout(this.#killTimer);
    process.off("exit", this.#killAtExit);
    this.#settle?.(error);
  }
}

function endedEarly({ message }: Error): CellError {
  return { ename: "ProcessEnded", evalue: message, traceback: [`\x1b[31mProcessEnded\x1b[39m: ${message}`] };
}
