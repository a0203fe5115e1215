import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { checkInterrupted } from "./progress.js";

/** How `withFileLock` waits. */
export interface FileLockOptions {
  /** Called once when another process holds the lock, with its number. */
  onWait?: (pid: number) => void;
  /** Milliseconds between tries, default 300. */
  pollMs?: number;
  /** Aborts the wait. */
  signal?: AbortSignal;
}

interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly token: string;
}

/**
 * Does work while no other process does work under the same lock. A lock whose process has ended does not count.
 *
 * @param path - the lock file; it exists only while the lock is held
 * @param work - what to do
 * @param options - who to tell about waiting
 * @returns what the work returns
 * @throws Aborted when the wait is interrupted
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  const own = { pid: process.pid, started: startOf(process.pid) ?? "", token: randomUUID() };
  for (let told = false; !tryAcquire(path, own); ) {
    checkInterrupted(options.signal);
    const found = readHolder(path);
    if (!found) continue;
    if (!isAlive(found.holder)) {
      breakStale(path, found.text, own.token);
      continue;
    }
    if (!told) options.onWait?.(found.holder.pid);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, options.pollMs ?? 300));
  }
  try {
    return await work();
  } finally {
    if (readHolder(path)?.holder.token === own.token) rmSync(path, { force: true });
  }
}

/** A link appears with its whole content or not at all. */
function tryAcquire(path: string, own: Holder): boolean {
  const temporary = `${path}.${own.token}`;
  writeFileSync(temporary, JSON.stringify(own));
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function breakStale(path: string, staleText: string, token: string): void {
  const aside = `${path}.${token}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    // Another process broke the stale lock first and this is its own: put it back.
    if (readFileSync(aside, "utf8") !== staleText) linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(path: string): { text: string; holder: Holder } | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    return { text, holder: JSON.parse(text) };
  } catch {
    return { text, holder: { pid: 0, started: "", token: "" } };
  }
}

function isAlive({ pid, started }: Holder): boolean {
  return pid > 0 && startOf(pid) === started;
}

/** When a process started, where the system tells; undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  return "";
}
