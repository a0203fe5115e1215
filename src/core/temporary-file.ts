import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const unfinished = new Set<string>();

/**
 * The name under which a file is written until it is complete. What is neither finished nor abandoned when the process ends, as after a
 * second Ctrl-C, is removed then; only a killed process leaves something.
 */
export class TemporaryFile {
  /** Where to write. */
  readonly path: string;
  readonly #target: string;

  /** @param target - the file that appears at the end; its folder, where the temporary one is too, is made where it is missing */
  constructor(target: string) {
    this.#target = target;
    mkdirSync(dirname(target), { recursive: true });
    this.path = `${target}.${randomUUID().slice(0, 8)}.part`;
    if (unfinished.size === 0) process.on("exit", removeAll);
    unfinished.add(this.path);
  }

  /** Makes the file appear under its name, in place of an earlier one. */
  async finish(): Promise<void> {
    await rename(this.path, this.#target);
    this.#forget();
  }

  /** Leaves what was there before. */
  async abandon(): Promise<void> {
    await rm(this.path, { force: true });
    this.#forget();
  }

  #forget(): void {
    unfinished.delete(this.path);
    if (unfinished.size === 0) process.off("exit", removeAll);
  }
}

function removeAll(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { force: true });
    } catch {
      // The process is ending: nobody is left to be told.
    }
  }
}
