import { Session } from "node:inspector";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Interrupts the main thread, from another thread, in two stages.
 *
 * 1. SIGINT breaks a synchronous run of a cell; a message to the main thread breaks a pending await. SIGINT alone would
 *    not do: Node loses it when it comes while such a run ends.
 * 2. A synchronous loop after an await ignores SIGINT: when the main thread gives no sign of life, its execution is
 *    terminated through the inspector. The inspector is connected only then: connected all the time it slows the kernel.
 */
export class Interrupter {
  #alive = false;
  #busy = false;

  /** @param askMainThread - tells the main thread to interrupt a pending await and to give a sign of life */
  constructor(private readonly askMainThread: () => void) {}

  /** Tells that the main thread gave a sign of life. */
  sawLife(): void {
    this.#alive = true;
  }

  /**
   * Interrupts.
   *
   * @returns whether the second stage was needed
   */
  async interrupt(): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    try {
      this.#alive = false;
      process.kill(process.pid, "SIGINT");
      this.askMainThread();
      for (let waited = 0; waited < 700; waited += 50) {
        await delay(50);
        if (this.#alive) return false;
      }
      return await this.#terminate();
    } finally {
      this.#busy = false;
    }
  }

  async #terminate(): Promise<boolean> {
    const session = new Session();
    session.connectToMainThread();
    try {
      // Answered once the main thread runs JavaScript that can be interrupted: native code may only now have ended.
      await new Promise<void>((resolve) =>
        session.post("Runtime.evaluate", { expression: "0" }, () => resolve()),
      );
      await delay(30);
      if (this.#alive) return false;
      session.post("Runtime.terminateExecution", () => {});
      await delay(300);
      return true;
    } finally {
      session.disconnect();
    }
  }
}
