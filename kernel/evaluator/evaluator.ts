import type { MimeBundle } from "../../src/core/display.js";
import type { KernelBridge } from "../../src/core/kernel-bridge.js";
import { Comms } from "../comm/comms.js";
import type { CompilerProcess } from "../compiler/compiler-process.js";
import type { Completeness } from "../compiler/completeness.js";
import type { NameDescription } from "../compiler/describe-name.js";
import type { Completion, ConvertedCell } from "../compiler/protocol.js";
import { createBridge } from "../output/bridge.js";
import { bundleOf, textOf } from "../output/bundle.js";
import { OutputCapture } from "../output/capture.js";
import type { Outputs } from "../output/outputs.js";
import { packageRoot } from "../package-root.js";
import { onTslabDisplay } from "../tslab/executor.js";
import {
  type CellError,
  describeDiagnostics,
  describeThrown,
  interruptedError,
  lineOfError,
} from "./cell-error.js";
import { type Cell, Cells } from "./cells.js";
import { Session } from "./session.js";
import { SourcePositions } from "./source-positions.js";

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly bundle?: MimeBundle }
  | { readonly status: "error"; readonly error: CellError; readonly line?: number };

interface Collected {
  value?: unknown;
  thrown?: unknown;
}

/** How long the type check of an interrupted cell may go on before its process is given up. */
const patienceMs = 2000;

/** Runs cells one after the other, and answers questions about code. The same for the kernel and the headless runner. */
export class Evaluator {
  /** Says which cell running code belongs to. */
  readonly cells = new Cells();
  /** Channels to the front end. */
  readonly comms: Comms;
  readonly #bridge: KernelBridge;
  readonly #capture: OutputCapture;
  readonly #positions = new SourcePositions();
  readonly #session: Session;
  #collected: Collected = {};

  /**
   * Takes over stdout and stderr of this process.
   *
   * @param compiler - compiles the cells
   * @param outputs - where output goes
   */
  constructor(compiler: CompilerProcess, outputs: Outputs) {
    this.#capture = new OutputCapture(this.cells, outputs);
    this.comms = new Comms((type, content, metadata, buffers) => {
      outputs.comm(this.cells.requester, type, content, metadata, buffers);
    });
    this.#bridge = createBridge(this.cells, outputs, this.comms);
    Object.defineProperty(globalThis, Symbol.for("dn2.kernel"), { value: this.#bridge, configurable: true });
    this.#session = new Session({
      compiler,
      packageRoot,
      positions: this.#positions,
      onValue: (value) => {
        this.#collected.value = value;
      },
      onThrown: (error) => {
        this.#collected.thrown = error;
      },
    });
    onTslabDisplay(packageRoot, (data, metadata, displayId, update) => {
      if (update && displayId) this.#bridge.update(displayId, data, metadata);
      else this.#bridge.display(data, { displayId, metadata });
    });
    process.on("uncaughtException", (error) => this.#reportStray(error));
    process.on("unhandledRejection", (reason) => this.#reportStray(reason));
  }

  /** Does, once the compiler is ready, what a first cell that uses dn2 would wait for, unless a cell runs already. */
  prepare(): void {
    void this.#session.ready.then(() => {
      if (!this.cells.running) this.#session.loadDn2();
    });
  }

  /**
   * Runs a cell and waits for its end.
   *
   * @param cell - the run
   * @param code - TypeScript
   * @returns what its last expression shows, or its error
   */
  async run(cell: Cell, code: string): Promise<Outcome> {
    if (code.trim() === "") return { status: "ok" };
    const collected: Collected = {};
    this.#collected = collected;
    this.cells.begin(cell);
    const interrupted = new Promise<never>((_, reject) => {
      cell.signal.addEventListener("abort", () => reject(cell.signal.reason), { once: true });
    });
    interrupted.catch(() => {});
    try {
      const converted = await Promise.race([this.#convert(cell, code), interrupted]);
      if (converted.diagnostics.length > 0) {
        const error = describeDiagnostics(converted.diagnostics, code);
        return {
          status: "error",
          error,
          line: lineOfError(cell.label, this.#positions, undefined, converted.diagnostics),
        };
      }
      await inContinuation();
      const started = this.cells.start(cell, () =>
        this.#session.execute(cell.scriptName, cell.label, code, converted),
      );
      if (!(await Promise.race([started, interrupted]))) return this.#failure(cell, collected.thrown);
      const value = await Promise.race([collected.value, interrupted]);
      const bundle = value == null ? undefined : await Promise.race([this.#show(cell, value), interrupted]);
      return { status: "ok", bundle };
    } catch (error) {
      return this.#failure(cell, error);
    } finally {
      this.cells.end(cell);
    }
  }

  /** Interrupts the running cell; nothing happens when none runs. */
  interrupt(): void {
    const cell = this.cells.running;
    if (!cell) return;
    cell.interrupt();
    this.#session.interrupt();
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units
   * @returns names that begin with what stands before the position, and their kinds
   */
  complete(code: string, position: number): Promise<Completion> {
    return this.#session.complete(code, position);
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units; may also lie behind the name or inside its call's parentheses
   * @returns what is known about the name; null when nothing is
   */
  inspect(code: string, position: number): Promise<NameDescription | null> {
    return this.#session.inspect(code, position);
  }

  /**
   * @param code - what was typed
   * @returns whether it can be run as it stands
   */
  completeness(code: string): Promise<Completeness> {
    return this.#session.completeness(code);
  }

  /**
   * Runs a handler of messages that belong to no cell.
   *
   * @param cell - gets what the handler prints, unless the code of a cell does the printing
   * @param handler - the handler
   */
  handle(cell: Cell, handler: () => void): void {
    try {
      this.cells.handle(cell, handler);
    } catch (error) {
      this.#reportStray(error);
    }
  }

  async #show(cell: Cell, value: unknown): Promise<MimeBundle | undefined> {
    try {
      return await bundleOf(value);
    } catch (error) {
      this.#capture.write(cell, "stderr", `${describeThrown(error, this.#positions).traceback.join("\n")}\n`);
      return { "text/plain": textOf(value) };
    }
  }

  async #convert(cell: Cell, code: string): Promise<ConvertedCell> {
    let pending = true;
    cell.signal.addEventListener("abort", () => {
      setTimeout(() => pending && this.#session.restartCompiler(), patienceMs);
    });
    try {
      return await this.#session.convert(code);
    } finally {
      pending = false;
    }
  }

  #failure(cell: Cell, thrown: unknown): Outcome {
    if (cell.interrupted) return { status: "error", error: interruptedError };
    const error = describeThrown(thrown, this.#positions);
    return { status: "error", error, line: lineOfError(cell.label, this.#positions, thrown, []) };
  }

  #reportStray(error: unknown): void {
    const cell = this.cells.ofStack(String((error as Error | undefined)?.stack ?? ""));
    this.#capture.write(cell, "stderr", `${describeThrown(error, this.#positions).traceback.join("\n")}\n`);
  }
}

/**
 * User code runs in a promise's continuation, after other pending messages, never inside the frame of a timer or a
 * message event: Node does not survive when such a frame is terminated.
 */
function inContinuation(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
