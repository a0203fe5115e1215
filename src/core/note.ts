import { kernelBridge } from "./kernel-bridge.js";

/**
 * Prints a line that the user should know and that is no error: to standard error on the command line, where standard output is
 * for results; below the cell in a notebook, where standard error would be shown as an error.
 *
 * @param text - one line without its end
 */
export function printNote(text: string): void {
  (kernelBridge() ? process.stdout : process.stderr).write(`${text}\n`);
}
