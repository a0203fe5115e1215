import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { containerLimit, usefulThreads } from "../../src/engines/cores.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-cores-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ["max 100000\n", undefined],
  ["200000 100000\n", 2],
  ["150000 100000\n", 2],
  ["1000 100000\n", 1],
  ["something else\n", undefined],
])("a container with cpu.max %j may use %j processors", (text, limit) => {
  writeFileSync(join(folder, "cpu.max"), text);
  expect(containerLimit(folder)).toBe(limit);
});

it.each([
  ["-1\n", undefined],
  ["400000\n", 4],
])("with a quota of %j in the first version it may use %j", (quota, limit) => {
  mkdirSync(join(folder, "cpu"));
  writeFileSync(join(folder, "cpu", "cpu.cfs_quota_us"), quota);
  writeFileSync(join(folder, "cpu", "cpu.cfs_period_us"), "100000\n");
  expect(containerLimit(folder)).toBe(limit);
});

it("threads are at least one and no more than this process may use", () => {
  expect(containerLimit(folder)).toBeUndefined();
  expect(usefulThreads()).toBeGreaterThanOrEqual(1);
  expect(usefulThreads()).toBeLessThanOrEqual(availableParallelism());
});
