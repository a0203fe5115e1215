import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process that answers one line of JSON with one line of JSON. */
export class Worker {
  #child;
  #lines;

  /**
   * @param {string} command - program
   * @param {string[]} args - its arguments
   * @param {Record<string, string>} [env] - variables beside the environment's
   */
  constructor(command, args, env = {}) {
    this.#child = spawn(command, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * @param {object} request - what to do
   * @returns {Promise<any>} the answer
   */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`worker ended while it was asked for ${request.task}`);
    return JSON.parse(value);
  }

  /** Ends the process. */
  async close() {
    this.#child.stdin.end();
    await once(this.#child, "exit");
  }
}
