import { StringDecoder } from "node:string_decoder";
import type { Cell, Cells } from "../evaluator/cells.js";
import type { Outputs } from "./outputs.js";

type Done = (error?: Error | null) => void;

/** Writes within this many milliseconds of each other count as a burst. */
const burstMs = 50;
/** This many writes of a burst go out at once, later ones together. */
const burstWrites = 50;

/**
 * Sends what is written to stdout and stderr to the cell that writes it. Single writes go out at once, also out of a
 * synchronous loop; a flood is gathered.
 */
export class OutputCapture {
  #pending: { cell: Cell; name: "stdout" | "stderr"; text: string } | undefined;
  #timer: NodeJS.Immediate | undefined;
  #burstBegan = 0;
  #burstCount = 0;

  /**
   * @param cells - says which cell is writing
   * @param outputs - where the text goes
   */
  constructor(
    private readonly cells: Cells,
    private readonly outputs: Outputs,
  ) {
    this.#replace("stdout");
    this.#replace("stderr");
  }

  /** Sends what was gathered; to be called before any other output, so that the order is kept. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (this.#timer) clearImmediate(this.#timer);
    this.#timer = undefined;
    if (pending) this.outputs.stream(pending.cell, pending.name, pending.text);
  }

  /**
   * Writes text in the name of a cell.
   *
   * @param cell - the cell
   * @param name - which stream
   * @param text - what to write
   */
  write(cell: Cell, name: "stdout" | "stderr", text: string): void {
    if (cell.interrupted || text === "") return;
    const now = performance.now();
    if (now - this.#burstBegan > burstMs) {
      this.flush();
      this.#burstBegan = now;
      this.#burstCount = 0;
    }
    if (this.#pending && (this.#pending.cell !== cell || this.#pending.name !== name)) this.flush();
    if (++this.#burstCount <= burstWrites) {
      this.flush();
      this.outputs.stream(cell, name, text);
      return;
    }
    if (this.#pending) this.#pending.text += text;
    else this.#pending = { cell, name, text };
    this.#timer ??= setImmediate(() => this.flush());
  }

  #replace(name: "stdout" | "stderr"): void {
    const decoder = new StringDecoder("utf8");
    const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      this.write(this.cells.current, name, text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback) process.nextTick(callback, null);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
