import { afterEach, expect, it, vi } from "vitest";
import { printNote } from "../../src/core/note.js";

const bridgeKey = Symbol.for("dn2.kernel");
const places = globalThis as Record<symbol, unknown>;

afterEach(() => {
  delete places[bridgeKey];
  vi.restoreAllMocks();
});

it("prints a note as a cell's normal output, and on standard error where results go to standard output", () => {
  const written: string[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    vi.spyOn(process[name], "write").mockImplementation((text) => written.push(`${name}: ${text}`) > 0);
  }
  printNote("a leak");
  places[bridgeKey] = {};
  printNote("a leak");
  expect(written).toEqual(["stderr: a leak\n", "stdout: a leak\n"]);
});
