import { type CellError, interruptedError } from "../evaluator/cell-error.js";
import { Cell } from "../evaluator/cells.js";
import type { Evaluator, Outcome } from "../evaluator/evaluator.js";
import type { Sockets } from "../sockets/sockets.js";
import { toJson } from "../wire/json.js";
import type { Message } from "../wire/message.js";
import type { History } from "./history.js";
import type { Publisher } from "./publisher.js";

interface Job {
  readonly message: Message;
  readonly arrival: number;
}

interface Current {
  readonly job: Job;
  readonly cell: Cell;
  readonly count: number;
}

/** How long a terminated cell may take to end by itself before it is given up: promises settle at once. */
const abandonMs = 30;

/** Runs execute requests in the order in which they came. */
export class Executions {
  readonly #waiting: Job[] = [];
  #current: Current | undefined;
  #count = 0;
  #abortedThrough = 0;

  /**
   * @param evaluator - runs the code
   * @param sockets - sends replies
   * @param publisher - sends output
   * @param history - remembers
   */
  constructor(
    private readonly evaluator: Evaluator,
    private readonly sockets: Sockets,
    private readonly publisher: Publisher,
    private readonly history: History,
  ) {}

  /**
   * Puts a request into the queue.
   *
   * @param message - the execute_request
   * @param arrival - how many execute requests had come with it
   */
  add(message: Message, arrival: number): void {
    this.#waiting.push({ message, arrival });
    this.#next();
  }

  /**
   * @param cell - a cell
   * @returns the request that runs it; undefined when it is not running
   */
  requestOf(cell: Cell): Message | undefined {
    return this.#current?.cell === cell ? this.#current.job.message : undefined;
  }

  /** To be called after an interrupt that had to terminate running code: promises on its stack may never settle. */
  abandonInterrupted(): void {
    const current = this.#current;
    if (!current?.cell.interrupted) return;
    setTimeout(() => {
      if (current !== this.#current) return;
      this.evaluator.cells.end(current.cell);
      this.#failed(current, interruptedError);
      this.#finish(current);
    }, abandonMs);
  }

  #next(): void {
    const job = this.#current ? undefined : this.#waiting.shift();
    if (job) void this.#execute(job);
  }

  async #execute(job: Job): Promise<void> {
    const { header, content, metadata } = job.message;
    const silent = content.silent === true;
    const stores = content.store_history !== false && !silent;
    const aborted = job.arrival <= this.#abortedThrough;
    if (stores && !aborted) this.#count++;
    const id = typeof metadata.cellId === "string" ? metadata.cellId : undefined;
    const cell = new Cell(silent ? "silent cell" : `cell [${this.#count}]`, header, id);
    const current = { job, cell, count: this.#count };
    this.#current = current;
    this.sockets.status("busy", header);
    if (aborted) {
      this.#reply(current, { status: "aborted" });
      this.#finish(current);
      return;
    }
    const code = String(content.code ?? "");
    if (stores) this.history.add(current.count, code);
    if (!silent) this.publisher.publish(cell, "execute_input", { code, execution_count: current.count });
    const asked = /^\s*([\w$.]+)\?\??\s*$/.exec(code)?.[1];
    if (asked !== undefined) return this.#describe(current, asked);
    const outcome = await this.evaluator.run(cell, code);
    const expressions = outcome.status === "ok" ? await this.#evaluateAll(current) : {};
    if (current !== this.#current) return;
    if (outcome.status === "ok") this.#succeeded(current, outcome, expressions);
    else this.#failed(current, outcome.error);
    this.#finish(current);
  }

  /** A name with a question mark asks, as in IPython, what is known about the name. */
  async #describe(current: Current, name: string): Promise<void> {
    const found = await this.evaluator.inspect(name, name.length).catch(() => null);
    const plain = found?.plain ?? `nothing is known about ${name}`;
    const data = { "text/plain": plain, ...(found ? { "text/markdown": found.markdown } : {}) };
    this.#reply(current, { status: "ok", payload: [{ source: "page", data, start: 0 }] });
    this.#finish(current);
  }

  #succeeded(current: Current, { bundle }: Outcome & { status: "ok" }, expressions: object): void {
    if (bundle && current.job.message.content.silent !== true) {
      this.publisher.publish(current.cell, "execute_result", {
        execution_count: current.count,
        data: bundle,
        metadata: {},
      });
      this.history.setOutput(current.count, String(bundle["text/plain"] ?? ""));
    }
    this.#reply(current, { status: "ok", user_expressions: expressions });
  }

  #failed(current: Current, error: CellError): void {
    const { content } = current.job.message;
    if (content.silent !== true) this.publisher.publish(current.cell, "error", error);
    if (content.stop_on_error !== false) this.#abortedThrough = this.sockets.arrived;
    this.#reply(current, { status: "error", ...error });
  }

  #finish(current: Current): void {
    this.#current = undefined;
    this.sockets.status("idle", current.job.message.header);
    this.#next();
  }

  #reply(current: Current, content: object): void {
    const { header, identities } = current.job.message;
    const full = { execution_count: current.count, user_expressions: {}, payload: [], ...content };
    this.sockets.reply("shell", { type: "execute_reply", content: toJson(full), parent: header, identities });
  }

  async #evaluateAll(current: Current): Promise<Record<string, unknown>> {
    const expressions = (current.job.message.content.user_expressions ?? {}) as Record<string, string>;
    const results: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const outcome = await this.evaluator.run(
        new Cell(`expression ${name}`, current.cell.parent),
        String(expression),
      );
      results[name] =
        outcome.status === "ok"
          ? { status: "ok", data: outcome.bundle ?? { "text/plain": "undefined" }, metadata: {} }
          : { status: "error", ...outcome.error };
    }
    return results;
  }
}
