import type { Header } from "../wire/message.js";

let runs = 0;

/** One run of a cell: where its output goes, and whether it was interrupted. */
export class Cell {
  /** Number of the run; every run has its own. */
  readonly run = ++runs;
  readonly #controller = new AbortController();

  /**
   * @param label - how messages call it, for example "cell [3]"
   * @param parent - header of the request that runs it; undefined outside a front end
   * @param id - the cell's identifier in its notebook, where the front end tells it
   */
  constructor(
    readonly label: string,
    readonly parent?: Header,
    readonly id?: string,
  ) {}

  /** Name of the cell's script in stack traces. */
  get scriptName(): string {
    return `dn2-cell-${this.run}.ts`;
  }

  /** Aborted when the user interrupts the cell. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the user interrupted the cell. */
  get interrupted(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Marks the cell as interrupted. */
  interrupt(): void {
    this.#controller.abort();
  }
}

const scriptName = /^dn2-cell-(\d+)\.ts$/;

/**
 * Says which cell the code that is running now belongs to, also long after that cell has ended.
 *
 * The answer comes from the stack: every cell's script has a name of its own, and V8 keeps the callers of async
 * functions. `AsyncLocalStorage` would be the usual means, but on Node 20 and 22 terminating a loop inside its scope
 * (see `Interrupter`) makes Node abort.
 */
export class Cells {
  readonly #known = new Map<number, Cell>();
  #synchronous: Cell | undefined;
  #fallback: Cell | undefined;
  #running: Cell | undefined;
  #last = new Cell("before the first cell");

  /** The cell that is being run; undefined when the kernel waits. */
  get running(): Cell | undefined {
    return this.#running;
  }

  /** @param cell - will be run: an interrupt is for it */
  begin(cell: Cell): void {
    this.#known.set(cell.run, cell);
    this.#running = cell;
    this.#last = cell;
  }

  /**
   * Starts the code of a cell that began.
   *
   * @param cell - the cell
   * @param start - runs its code up to the first await
   * @returns what `start` returns
   */
  start<T>(cell: Cell, start: () => T): T {
    this.#synchronous = cell;
    try {
      return start();
    } finally {
      this.#synchronous = undefined;
    }
  }

  /** @param cell - has ended; what it left behind may still produce output */
  end(cell: Cell): void {
    this.#synchronous = undefined;
    this.#fallback = undefined;
    if (this.#running === cell) this.#running = undefined;
  }

  /**
   * Runs a handler of messages that belong to no cell.
   *
   * @param cell - gets the output when no cell's code is found on the stack
   * @param handler - the handler
   */
  handle(cell: Cell, handler: () => void): void {
    this.#fallback = cell;
    try {
      handler();
    } finally {
      this.#fallback = undefined;
    }
  }

  /** The cell to which output produced now belongs. */
  get current(): Cell {
    return this.#synchronous ?? this.#onStack() ?? this.#fallback ?? this.#running ?? this.#last;
  }

  /** The cell whose code runs now; undefined when it may be nobody's, as in a timer. */
  get writing(): Cell | undefined {
    return this.#synchronous ?? this.#onStack() ?? this.#running;
  }

  /** The cell or message whose handling sends a message now: its answer is a child of the message. */
  get requester(): Cell {
    return this.#synchronous ?? this.#fallback ?? this.current;
  }

  /**
   * @param stack - a stack trace as text
   * @returns the cell in which it began
   */
  ofStack(stack: string): Cell {
    const all = [...stack.matchAll(/dn2-cell-(\d+)\.ts/g)];
    return this.#known.get(Number(all.at(-1)?.[1])) ?? this.#running ?? this.#last;
  }

  #onStack(): Cell | undefined {
    const { stackTraceLimit, prepareStackTrace } = Error;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    try {
      Error.stackTraceLimit = 200;
      Error.prepareStackTrace = (_, sites) => sites;
      Error.captureStackTrace(holder);
      const sites = holder.stack ?? [];
      for (let i = sites.length - 1; i >= 0; i--) {
        const match = scriptName.exec(sites[i].getScriptNameOrSourceURL() ?? "");
        const cell = match && this.#known.get(Number(match[1]));
        if (cell) return cell;
      }
      return undefined;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      Error.prepareStackTrace = prepareStackTrace;
    }
  }
}
