import type { MimeBundle } from "../../src/core/display.js";
import type { KernelBridge } from "../../src/core/kernel-bridge.js";
import { Comms } from "../comm/comms.js";
import { createBridge } from "../output/bridge.js";
import { bundleOf, textOf } from "../output/bundle.js";
import { OutputCapture } from "../output/capture.js";
import type { Outputs } from "../output/outputs.js";
import { packageRoot } from "../package-root.js";
import {
  type CellError,
  describeDiagnostics,
  describeThrown,
  interruptedError,
  lineOfError,
} from "./cell-error.js";
import { type Cell, Cells } from "./cells.js";
import { type Completeness, completenessOf } from "./completeness.js";
import { critical } from "./critical.js";
import { describeName, type NameDescription } from "./describe-name.js";
import { SourcePositions } from "./source-positions.js";
import { Tslab, type TslabOptions } from "./tslab.js";
import type { Diagnostic, Proposals } from "./tslab-types.js";

/** How a cell ended. */
export type Outcome =
  | { readonly status: "ok"; readonly bundle?: MimeBundle }
  | { readonly status: "error"; readonly error: CellError; readonly line?: number };

interface Collected {
  diagnostics: Diagnostic[];
  value?: unknown;
  thrown?: unknown;
}

/** Runs cells one after the other, and answers questions about code. The same for the kernel and the headless runner. */
export class Evaluator {
  /** Says which cell running code belongs to. */
  readonly cells = new Cells();
  /** Channels to the front end. */
  readonly comms: Comms;
  readonly #bridge: KernelBridge;
  readonly #capture: OutputCapture;
  readonly #positions = new SourcePositions();
  readonly #folder: string;
  #loaded: Tslab | undefined;
  #collected: Collected = { diagnostics: [] };

  /**
   * Takes over stdout and stderr of this process.
   *
   * @param folder - folder of the notebook
   * @param outputs - where output goes
   */
  constructor(folder: string, outputs: Outputs) {
    this.#folder = folder;
    this.#capture = new OutputCapture(this.cells, outputs);
    this.comms = new Comms((type, content, metadata, buffers) => {
      outputs.comm(this.cells.requester, type, content, metadata, buffers);
    });
    this.#bridge = createBridge(this.cells, outputs, this.comms);
    Object.defineProperty(globalThis, Symbol.for("dn2.kernel"), { value: this.#bridge, configurable: true });
    process.on("uncaughtException", (error) => this.#reportStray(error));
    process.on("unhandledRejection", (reason) => this.#reportStray(reason));
  }

  /** Loads the type checker, which takes a second; without this call the first question does. */
  load(): void {
    if (this.#loaded) return;
    const settings: TslabOptions = {
      folder: this.#folder,
      packageRoot,
      positions: this.#positions,
      onValue: (value) => {
        this.#collected.value = value;
      },
      onThrown: (error) => {
        this.#collected.thrown = error;
      },
      onDiagnostics: (diagnostics) => this.#collected.diagnostics.push(...diagnostics),
    };
    this.#loaded = critical(() => new Tslab(settings));
    this.#loaded.onTslabDisplay((data, metadata, displayId, update) => {
      if (update && displayId) this.#bridge.update(displayId, data, metadata);
      else this.#bridge.display(data, { displayId, metadata });
    });
  }

  get #tslab(): Tslab {
    this.load();
    return this.#loaded!;
  }

  /** Does in advance what the first cell would wait for. */
  warmUp(): void {
    this.#tslab.warmUp();
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
    const collected: Collected = { diagnostics: [] };
    this.#collected = collected;
    const interrupted = new Promise<never>((_, reject) => {
      cell.signal.addEventListener("abort", () => reject(cell.signal.reason), { once: true });
    });
    interrupted.catch(() => {});
    try {
      const started = this.cells.start(cell, () => this.#tslab.execute(cell.scriptName, cell.label, code));
      if (!(await Promise.race([started, interrupted]))) return this.#failure(cell, code, collected);
      const value = await Promise.race([collected.value, interrupted]);
      const bundle = value == null ? undefined : await Promise.race([this.#show(cell, value), interrupted]);
      return { status: "ok", bundle };
    } catch (error) {
      return this.#failure(cell, code, { diagnostics: [], thrown: error });
    } finally {
      this.cells.end(cell);
    }
  }

  /** Interrupts the running cell; nothing happens when none runs. */
  interrupt(): void {
    const cell = this.cells.running;
    if (!cell) return;
    cell.interrupt();
    this.#loaded?.interrupt();
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units
   * @returns names that begin with what stands before the position, and their kinds
   */
  complete(code: string, position: number): Proposals {
    const proposals = this.#tslab.complete(code, position);
    const typed = code.slice(proposals.start, position);
    return { ...proposals, candidates: proposals.candidates.filter((name) => name.startsWith(typed)) };
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units; may also lie behind the name or inside its call's parentheses
   * @returns what is known about the name; undefined when nothing is
   */
  inspect(code: string, position: number): NameDescription | undefined {
    const before = code.slice(0, position).replace(/[\s(]+$/, "").length;
    for (const at of new Set([position, position - 1, before - 1])) {
      const info = at >= 0 ? this.#tslab.inspect(code, at) : undefined;
      if (info) return describeName(info);
    }
    return undefined;
  }

  /**
   * @param code - what was typed
   * @returns whether it can be run as it stands
   */
  completeness(code: string): Completeness {
    return completenessOf(this.#tslab.typescript, code);
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

  #failure(cell: Cell, code: string, { diagnostics, thrown }: Collected): Outcome {
    if (cell.interrupted) return { status: "error", error: interruptedError };
    const error =
      diagnostics.length > 0
        ? describeDiagnostics(diagnostics, code)
        : describeThrown(thrown, this.#positions);
    return { status: "error", error, line: lineOfError(cell.label, this.#positions, thrown, diagnostics) };
  }

  #reportStray(error: unknown): void {
    const cell = this.cells.ofStack(String((error as Error | undefined)?.stack ?? ""));
    this.#capture.write(cell, "stderr", `${describeThrown(error, this.#positions).traceback.join("\n")}\n`);
  }
}
