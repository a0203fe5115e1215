import { Session } from "node:inspector";
import { setTimeout as delay } from "node:timers/promises";

/** What an `Interrupter` needs of the two threads. */
export interface InterrupterParts {
  /** Tells the main thread to interrupt a pending await and to give a sign of life. */
  readonly askMainThread: () => void;
  /** Called when the second stage was needed. */
  readonly terminated: () => void;
}

const patienceMs = 250;
const pollMs = 10;

/**
 * Interrupts the main thread, from another thread, in two stages.
 *
 * 1. A message to the main thread breaks a pending await.
 * 2. A busy main thread reads no messages: when it gives no sign of life, its execution is terminated through the
 *    inspector. The inspector is connected only then: connected all the time it slows the kernel.
 *
 * SIGINT and `breakOnSigint`, the usual means, are not used: Node 20 remembers a signal that comes while a run ends and
 * interrupts a later run with it; and a loop after an await ignores it anyway.
 */
export class Interrupter {
  #alive = false;
  #working = false;
  #again = false;

  /** @param parts - what is needed of the two threads */
  constructor(private readonly parts: InterrupterParts) {}

  /** Tells that the main thread gave a sign of life. */
  sawLife(): void {
    this.#alive = true;
  }

  /** Interrupts; while an interrupt is under way, another one follows it. */
  async interrupt(): Promise<void> {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#interruptOnce();
      }
    } finally {
      this.#working = false;
    }
  }

  async #interruptOnce(): Promise<void> {
    this.#alive = false;
    this.parts.askMainThread();
    for (let waited = 0; waited < patienceMs; waited += pollMs) {
      await delay(pollMs);
      if (this.#alive) return;
    }
    await this.#terminate();
  }

  async #terminate(): Promise<void> {
    const session = new Session();
    session.connectToMainThread();
    // Answered once the main thread runs JavaScript that can be interrupted: native code may only now have ended.
    await new Promise<void>((resolve) =>
      session.post("Runtime.evaluate", { expression: "0" }, () => resolve()),
    );
    await delay(3 * pollMs);
    if (this.#alive) return session.disconnect();
    session.post("Runtime.terminateExecution", () => {});
    this.parts.terminated();
    setTimeout(() => session.disconnect(), 300);
  }
}
