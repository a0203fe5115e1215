import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CellError } from "../evaluator/cell-error.js";
import { packageRoot } from "../package-root.js";
import { nodeArguments } from "../spec/node-arguments.js";
import { CellOutputs } from "./cell-outputs.js";
import type { NotebookCell, NotebookOutput } from "./notebook.js";
import type { FromChild, ToChild } from "./protocol.js";

/** The process in which a notebook's cells run. */
export class EvaluatingProcess {
  readonly #child: ChildProcess;
  readonly #outputs = new CellOutputs();
  #nativeText = "";
  #ended: Error | undefined;
  #settle: ((message: FromChild | Error) => void) | undefined;

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
    this.#child.on("message", (message: FromChild) => {
      if (message.kind === "done" || message.kind === "error") this.#settle?.(message);
      else this.#outputs.take(message);
    });
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("close", (code, signal) => {
      const text = this.#nativeText.trim();
      const how = signal ?? `exit code ${code}`;
      this.#end(new Error(`the process that runs the cells ended early (${how})${text ? `: ${text}` : ""}`));
    });
  }

  /**
   * Runs a cell.
   *
   * @param cell - receives the outputs
   * @param executionCount - number of the run
   * @param onOutput - called with each output as it comes
   * @returns how it failed; undefined when it did not
   * @throws Error when the process ends before the cell does
   */
  async run(
    cell: NotebookCell,
    executionCount: number,
    onOutput: (output: NotebookOutput) => void,
  ): Promise<CellError | undefined> {
    const label = `cell [${executionCount}]`;
    cell.outputs = [];
    this.#outputs.begin(label, cell.outputs, onOutput);
    const message = await new Promise<FromChild | Error>((resolve) => {
      this.#settle = resolve;
      if (this.#ended) resolve(this.#ended);
      else this.#send({ kind: "run", label, code: cell.source });
    });
    if (message instanceof Error) throw message;
    if (message.kind === "done" && message.data !== undefined) {
      this.#outputs.result(label, executionCount, message.data);
    }
    if (message.kind !== "error") return undefined;
    this.#outputs.error(label, message.error);
    return message.error;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Ends the process in order, or by force when it does not react. */
  close(): void {
    if (this.#ended) return;
    this.#send({ kind: "end" });
    const timer = setTimeout(() => this.kill(), 2000);
    this.#child.once("exit", () => clearTimeout(timer));
  }

  #send(message: ToChild): void {
    // A failure to send is followed by "close", which is reported.
    this.#child.send(message, () => {});
  }

  #end(error: Error): void {
    this.#ended = error;
    this.#settle?.(error);
  }
}
