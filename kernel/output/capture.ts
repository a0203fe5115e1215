import { StringDecoder } from "node:string_decoder";
import type { Cell, Cells } from "../evaluator/cells.js";
import type { Outputs } from "./outputs.js";

type Done = (error?: Error | null) => void;

/** Sends what is written to stdout and stderr to the cell that writes it, at once, also out of a synchronous loop. */
export class OutputCapture {
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

  /**
   * Writes text in the name of a cell.
   *
   * @param cell - the cell
   * @param name - which stream
   * @param text - what to write
   */
  write(cell: Cell, name: "stdout" | "stderr", text: string): void {
    if (!cell.interrupted && text !== "") this.outputs.stream(cell, name, text);
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
