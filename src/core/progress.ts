import { escapeHtml } from "./display.js";
import { Aborted } from "./errors.js";
import { kernelBridge } from "./kernel-bridge.js";

/** State of a long computation. */
export interface ProgressState {
  /** What is being done ("extracting features"). */
  readonly label: string;
  /** What is counted ("images"). */
  readonly unit: string;
  /** How many are done. */
  readonly done: number;
  /** How many of them were done before the start, which do not count for the rate; default 0. */
  readonly skipped?: number;
  /** How many there are. */
  readonly total: number;
  /** Milliseconds since the start. */
  readonly elapsedMs: number;
  /** Whether this is the last report. */
  readonly ended: boolean;
}

/** Receives the states of all progress meters, at most about ten a second each. */
export type ProgressListener = (state: ProgressState) => void;

let listener: ProgressListener | undefined;

/**
 * Sends all progress to a listener instead of the notebook or the terminal.
 *
 * @param next - the listener; undefined restores the default
 */
export function setProgressListener(next: ProgressListener | undefined): void {
  listener = next;
}

/**
 * One line of text for a progress state.
 *
 * @param state - the state
 * @returns label, count, rate in units per second and time left
 */
export function formatProgress(state: ProgressState): string {
  const seconds = state.elapsedMs / 1000;
  const inMegabytes = state.unit === "bytes" && state.total >= 1e6;
  const unit = inMegabytes ? "MB" : state.unit;
  const scale = inMegabytes ? 1e6 : 1;
  const amount = (count: number) => (inMegabytes ? (count / scale).toFixed(1) : String(count));
  const rate = seconds > 0 ? (state.done - (state.skipped ?? 0)) / seconds : 0;
  const shown = rate / scale;
  const rateText = rate > 0 ? `, ${shown >= 10 ? Math.round(shown) : shown.toFixed(1)} ${unit}/s` : "";
  const left = rate > 0 ? (state.total - state.done) / rate : 0;
  const time = state.ended
    ? `, ${seconds.toFixed(1)} s`
    : rate > 0
      ? `, ${left < 90 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`} left`
      : "";
  return `${state.label}: ${amount(state.done)} of ${amount(state.total)} ${unit}${rateText}${time}`;
}

const quietMs = 500;

/** Counts a long computation, reports rate and time left, and yields to the event loop so that it can be interrupted. */
export class ProgressMeter {
  readonly #started = performance.now();
  #reported = Number.NEGATIVE_INFINITY;
  #yielded = performance.now();
  #done = 0;
  #skipped = 0;
  #displayId: string | undefined;
  #printed = false;
  #silent = false;

  /**
   * @param label - what is being done
   * @param total - how many units there are
   * @param unit - what is counted, in the plural
   * @param signal - aborts the computation, beside the notebook's own interrupt
   */
  constructor(
    readonly label: string,
    readonly total: number,
    readonly unit: string,
    readonly signal?: AbortSignal,
  ) {}

  /**
   * A meter inside of work that another meter counts: it reports nothing, but lets itself be interrupted.
   *
   * @param signal - aborts the computation, beside the notebook's own interrupt
   * @returns the meter
   */
  static silent(signal?: AbortSignal): ProgressMeter {
    const meter = new ProgressMeter("", 0, "", signal);
    meter.#silent = true;
    return meter;
  }

  /**
   * Counts work that was done before; it does not count for the rate.
   *
   * @param count - how many units
   */
  skip(count: number): void {
    this.#done += count;
    this.#skipped += count;
  }

  /**
   * Counts finished work, reports it, and lets pending events run when 40 ms have passed.
   *
   * @param count - how many more units are done
   * @throws Aborted when the user interrupted
   */
  async add(count: number): Promise<void> {
    this.#done += count;
    this.#report(false);
    if (performance.now() - this.#yielded > 40) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#yielded = performance.now();
    }
    checkInterrupted(this.signal);
  }

  /** Makes the last report. */
  close(): void {
    this.#report(true);
  }

  #report(ended: boolean): void {
    if (this.#silent) return;
    const now = performance.now();
    const state = {
      label: this.label,
      unit: this.unit,
      done: this.#done,
      skipped: this.#skipped,
      total: this.total,
      elapsedMs: now - this.#started,
      ended,
    };
    if (!ended && now - this.#reported < 100) return;
    this.#reported = now;
    if (listener) {
      listener(state);
      return;
    }
    if (state.elapsedMs < quietMs && !this.#printed) return;
    this.#printed = true;
    const bridge = kernelBridge();
    if (bridge) {
      const bundle = progressBundle(state);
      if (this.#displayId) {
        bridge.update(this.#displayId, bundle);
      } else {
        this.#displayId = crypto.randomUUID();
        bridge.display(bundle, { displayId: this.#displayId });
      }
    } else if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${formatProgress(state)}${ended ? "\n" : ""}`);
    } else if (ended) {
      process.stderr.write(`${formatProgress(state)}\n`);
    }
  }
}

function progressBundle(state: ProgressState): Record<string, unknown> {
  const text = formatProgress(state);
  return {
    "text/html": `<progress value="${state.done}" max="${state.total}" style="width:16em;vertical-align:middle"></progress> ${escapeHtml(text)}`,
    "text/plain": text,
  };
}

/**
 * Stops a computation that its user interrupted.
 *
 * @param signal - a signal of the caller, beside the notebook's own
 * @throws Aborted when either signal is aborted
 */
export function checkInterrupted(signal?: AbortSignal): void {
  if (signal?.aborted || kernelBridge()?.signal.aborted) {
    throw new Aborted("interrupted; what was finished before is kept, run again to go on");
  }
}
