import { kernelBridge } from "./kernel-bridge.js";
import { checkOptions } from "./options.js";

/** Options of `input`. */
export interface InputOptions {
  /** Do not show what is typed; default false. */
  readonly password?: boolean;
}

/**
 * Asks the user for a line of text, below the running cell of a notebook or in a terminal.
 *
 * @param prompt - what to show before the field, default nothing
 * @param options - whether the text is secret
 * @returns what was typed, without the end of the line
 * @throws Error where nobody can be asked: a notebook that runs without a front end, a program without a terminal
 * @throws Aborted when the user interrupts the cell
 */
export async function input(prompt = "", options: InputOptions = {}): Promise<string> {
  checkOptions("input", options, ["password"]);
  const bridge = kernelBridge();
  if (bridge?.input) return bridge.input(prompt, options.password ?? false);
  if (bridge || !process.stdin.isTTY) {
    throw new Error(
      "input needs somebody to ask, and here is no terminal or notebook that can; set the value in the code",
    );
  }
  const { createInterface } = await import("node:readline/promises");
  const { Writable } = await import("node:stream");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  if (options.password) process.stdout.write(prompt);
  const output = options.password ? silent : process.stdout;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await reader.question(options.password ? "" : prompt);
  } finally {
    reader.close();
    if (options.password) process.stdout.write("\n");
  }
}
