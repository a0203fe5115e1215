import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/**
 * The number of threads that numeric work should use: physical cores, as a second thread on a core gains nothing there,
 * but no more than this process may use.
 *
 * @returns at least 1
 */
export function usefulThreads(): number {
  return Math.max(1, Math.min(availableParallelism(), physicalCores() ?? Number.POSITIVE_INFINITY));
}

function physicalCores(): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const cores = new Set<string>();
    for (const block of readFileSync("/proc/cpuinfo", "utf8").split("\n\n")) {
      const socket = /^physical id\s*:\s*(\d+)/m.exec(block);
      const core = /^core id\s*:\s*(\d+)/m.exec(block);
      if (socket && core) cores.add(`${socket[1]}/${core[1]}`);
    }
    return cores.size || undefined;
  } catch {
    return undefined;
  }
}
