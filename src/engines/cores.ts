import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/**
 * The number of threads that numeric work should use: physical cores, as a second thread on a core gains nothing there,
 * but no more than this process may use, in a container with a limit no more than that.
 *
 * @returns at least 1
 */
export function usefulThreads(): number {
  const limits = [physicalCores(), containerLimit()].map((limit) => limit ?? Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), ...limits));
}

/**
 * The processors whose time a control group may use, which Node 20 does not look at.
 *
 * @param folder - where control groups are, version 2 or 1
 * @returns at least 1, rounded up; undefined where there is no limit
 */
export function containerLimit(folder = "/sys/fs/cgroup"): number | undefined {
  for (const files of [["cpu.max"], ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"]]) {
    try {
      const text = files.map((file) => readFileSync(join(folder, file), "utf8")).join(" ");
      const [quota, period] = text.trim().split(/\s+/).map(Number);
      return quota > 0 && period > 0 ? Math.max(1, Math.ceil(quota / period)) : undefined;
    } catch {}
  }
  return undefined;
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
