import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { killGroup, processIdentity } from "./processes.mjs";
import { writeWhole } from "./state.mjs";

/**
 * @typedef {{ pid: number, identity: string | undefined }} Holder
 * @typedef {Holder & { children: Holder[] }} LockContent
 */

/** Lets one set-up at a time work in a clone; what a killed set-up left running is ended by the next one. */
export class SetupLock {
  /** @param {string} path - .dn2/setup.lock */
  constructor(path) {
    this.path = path;
    this.held = false;
  }

  /**
   * Waits until no other set-up works in this clone.
   *
   * @param {(pid: number) => void} onWait - called once when another one holds the lock
   * @param {() => boolean} [cancelled] - asked between tries
   */
  async acquire(onWait, cancelled = () => false) {
    mkdirSync(dirname(this.path), { recursive: true });
    for (let told = false; !this.#tryAcquire(); ) {
      if (cancelled()) return;
      const holder = readLock(this.path);
      if (!holder) continue;
      if (!isAlive(holder.content)) {
        this.#breakStale(holder);
        continue;
      }
      if (!told) onWait(holder.content.pid);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /**
   * Notes the programs that run for this set-up, so that another one can end them if this one is killed.
   *
   * @param {number[]} pids
   */
  noteChildren(pids) {
    if (this.held) writeWhole(this.path, JSON.stringify(contentOf(pids)));
  }

  release() {
    if (this.held) rmSync(this.path, { force: true });
    this.held = false;
  }

  #tryAcquire() {
    const own = `${this.path}.${process.pid}`;
    writeFileSync(own, JSON.stringify(contentOf([])));
    try {
      linkSync(own, this.path);
      this.held = true;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    } finally {
      rmSync(own, { force: true });
    }
    return this.held;
  }

  /** @param {{ text: string, content: LockContent }} stale */
  #breakStale(stale) {
    const aside = `${this.path}.${process.pid}.stale`;
    try {
      renameSync(this.path, aside);
    } catch {
      return;
    }
    if (readFileSync(aside, "utf8") === stale.text) {
      for (const child of stale.content.children) if (isAlive(child)) killGroup(child.pid, "SIGKILL");
    } else {
      // Another set-up broke the stale lock first and this is its own: put it back.
      linkSync(aside, this.path);
    }
    rmSync(aside, { force: true });
  }
}

/** @param {Holder} holder */
function isAlive(holder) {
  const identity = processIdentity(holder.pid);
  return identity !== undefined && identity === holder.identity;
}

/**
 * @param {number[]} children
 * @returns {LockContent}
 */
function contentOf(children) {
  /** @param {number} pid */
  const holder = (pid) => ({ pid, identity: processIdentity(pid) });
  return { ...holder(process.pid), children: children.map(holder) };
}

/**
 * @param {string} path
 * @returns {{ text: string, content: LockContent } | undefined} undefined when there is no lock
 */
function readLock(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return { text, content: JSON.parse(text) };
  } catch {
    return { text, content: { pid: 0, identity: undefined, children: [] } };
  }
}
