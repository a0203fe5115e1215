import { Aborted } from "../../src/core/errors.js";
import type { Cell } from "../evaluator/cells.js";
import type { Sockets } from "../sockets/sockets.js";
import { toJson } from "../wire/json.js";
import type { Message } from "../wire/message.js";

/** Questions to the user: one at a time, each below the running cell that asks. */
export class UserQuestions {
  #answer: ((value: string) => void) | undefined;
  #before: Promise<unknown> = Promise.resolve();

  /**
   * @param sockets - the way to the front end
   * @param requestOf - the request that runs a cell; undefined when the cell is not running
   */
  constructor(
    private readonly sockets: () => Sockets,
    private readonly requestOf: (cell: Cell) => Message | undefined,
  ) {}

  /**
   * Asks.
   *
   * @param cell - the running cell
   * @param prompt - what to show before the field
   * @param password - whether not to show what is typed
   * @returns what was typed
   * @throws Error when the cell's front end allows no questions or the cell has ended; Aborted when it is interrupted
   */
  ask(cell: Cell, prompt: string, password: boolean): Promise<string> {
    const asked = this.#before.then(() => this.#askNow(cell, prompt, password));
    this.#before = asked.catch(() => {});
    return asked;
  }

  /** @param message - the front end's input_reply; without a question it is ignored */
  receive({ header, content }: Message): void {
    if (header.msg_type === "input_reply") this.#answer?.(String(content.value ?? ""));
  }

  async #askNow(cell: Cell, prompt: string, password: boolean): Promise<string> {
    const request = this.requestOf(cell);
    if (!request)
      throw new Error("only a cell that is running can ask the user; await the answer in the cell");
    if (request.content.allow_stdin !== true) {
      throw new Error(
        "input needs a front end that passes questions on to its user, and this one does not; set the value in the code",
      );
    }
    const { header, identities } = request;
    const content = toJson({ prompt, password });
    return new Promise<string>((resolve, reject) => {
      const settle = (): void => {
        this.#answer = undefined;
        cell.signal.removeEventListener("abort", interrupted);
      };
      const interrupted = (): void => {
        settle();
        reject(new Aborted("the question was interrupted"));
      };
      if (cell.interrupted) return interrupted();
      cell.signal.addEventListener("abort", interrupted);
      this.#answer = (value) => {
        settle();
        resolve(value);
      };
      this.sockets().reply("stdin", { type: "input_request", content, parent: header, identities });
    });
  }
}
