import { stripVTControlCharacters } from "node:util";
import type { NotebookOutput } from "../kernel/run/notebook.js";
import type { CellProgress, FailedCell } from "../kernel/run/run-notebook.js";

/** Shows on standard error how far the run of a notebook is: one line a cell, and the seconds it took. */
export class ConsoleProgress {
  readonly #path: string;
  readonly #withOutput: boolean;
  #cell: CellProgress | undefined;
  #count = 0;
  #executed = 0;
  #open = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param path - the notebook
   * @param withOutput - whether to show what cells print
   */
  constructor(path: string, withOutput: boolean) {
    this.#path = path;
    this.#withOutput = withOutput;
    process.stderr.write(`${path}\n`);
  }

  /** @param progress - a cell has started or ended */
  cell(progress: CellProgress): void {
    this.#cell = progress;
    this.#count = progress.count;
    if (progress.state === "started") {
      this.#open = true;
      process.stderr.write(this.#line());
      this.#tick();
      return;
    }
    clearInterval(this.#timer);
    this.#executed = progress.number;
    const seconds = `${(progress.elapsedMs / 1000).toFixed(1)} s`;
    const result = progress.state === "failed" ? `failed after ${seconds}` : seconds;
    const start = this.#open ? (process.stderr.isTTY ? `\r\x1b[K${this.#line()}` : "") : this.#line();
    process.stderr.write(`${start}  ${result}\n`);
    this.#open = false;
  }

  /** @param output - a cell has put it out */
  output(output: NotebookOutput): void {
    if (!this.#withOutput || output.output_type !== "stream") return;
    if (this.#open) process.stderr.write("\n");
    this.#open = false;
    clearInterval(this.#timer);
    process.stdout.write(output.text);
  }

  /** @param cell - has failed */
  failure({ executionCount, line, ename, evalue, traceback }: FailedCell): void {
    const place = `cell ${executionCount} of ${this.#count}${line === undefined ? "" : `, line ${line}`}`;
    const text = traceback.slice(1).join("\n");
    process.stderr.write(`dn2: ${this.#path}, ${place}: ${ename}: ${evalue}\n`);
    if (text) process.stderr.write(`${process.stderr.isTTY ? text : stripVTControlCharacters(text)}\n`);
  }

  /** @param output - what was executed was written there; undefined: nowhere */
  end(output: string | undefined): void {
    clearInterval(this.#timer);
    if (this.#open) process.stderr.write("\n");
    this.#open = false;
    if (output === undefined) return;
    process.stderr.write(`wrote ${output} (${this.#executed} of ${this.#count} cells executed)\n`);
  }

  #line(): string {
    const { number, count, label } = this.#cell!;
    const width = String(count).length;
    return `cell ${String(number).padStart(width)} of ${count}: ${label}`;
  }

  #tick(): void {
    if (!process.stderr.isTTY) return;
    const started = performance.now();
    this.#timer = setInterval(() => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`\r\x1b[K${this.#line()}  ${seconds} s …`);
    }, 500).unref();
  }
}
