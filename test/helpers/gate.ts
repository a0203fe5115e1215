import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Something that cells wait for until a test lets them go on. */
export class Gate {
  readonly #folder = mkdtempSync(join(tmpdir(), "dn2-gate-"));
  readonly #file = join(this.#folder, "open");
  readonly #isClosed = `!require("node:fs").existsSync(${JSON.stringify(this.#file)})`;

  /** A statement that computes until the gate is open. */
  get busyWait(): string {
    return `while (${this.#isClosed}) {}`;
  }

  /** A statement that awaits the opening. */
  get wait(): string {
    return `while (${this.#isClosed}) await new Promise((r) => setTimeout(r, 5));`;
  }

  /** Lets cells go on. */
  open(): void {
    writeFileSync(this.#file, "");
  }

  /** Removes what the gate is made of; to be called when no cell waits. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
