import { SetupError } from "./setup-error.mjs";

/** Prints one line a step with the time it took; on a terminal, a last line says what is being done. */
export class Reporter {
  /** @type {Map<string, number>} */
  #started = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stdout) {
    this.stream = stream;
    this.live = Boolean(stream.isTTY);
    this.begun = performance.now();
  }

  /** @param {string} title */
  start(title) {
    this.#started.set(title, performance.now());
    if (!this.live) return;
    this.#timer ??= setInterval(() => this.#status(), 250).unref();
    this.#status();
  }

  /**
   * @param {string} title
   * @param {import("./context.mjs").StepOutcome} outcome
   */
  done(title, outcome) {
    const { absent, detail, remedy } = outcome;
    const text = absent
      ? `– ${title}: absent: ${detail}${remedy ? `; ${remedy}` : ""}`
      : `✓ ${title} (${detail})`;
    this.#line(title, text);
  }

  /**
   * @param {string} title
   * @param {unknown} error
   */
  failed(title, error) {
    const remedy = error instanceof SetupError ? `; ${error.remedy}` : "";
    this.#line(title, `✗ ${title}: ${error instanceof SetupError ? error.message : String(error)}${remedy}`);
  }

  /** @param {string} text - a line that belongs to no step */
  say(text) {
    this.#clear();
    this.stream.write(`${text}\n`);
  }

  /** Ends the status line. */
  close() {
    clearInterval(this.#timer);
    this.#started.clear();
    this.#clear();
  }

  /** @returns {string} time since the start, for example "31.2 s" */
  elapsed() {
    return seconds(this.begun);
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  #line(title, text) {
    const began = this.#started.get(title) ?? performance.now();
    this.#started.delete(title);
    this.say(`${text} ${seconds(began)}`);
    if (this.live && this.#started.size > 0) this.#status();
  }

  #status() {
    const running = [...this.#started].map(([title, began]) => `${title} ${seconds(began)}`);
    if (running.length === 0) return;
    this.#clear();
    this.stream.write(`… ${running.join(", ")}`.slice(0, (this.stream.columns || 80) - 1));
  }

  #clear() {
    if (this.live) this.stream.write("\r\x1b[2K");
  }
}

/** @param {number} began - a reading of performance.now() */
function seconds(began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
