import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Step } from "../../scripts/setup/context.mjs";
import { createContext } from "../../scripts/setup/context.mjs";
import { Reporter } from "../../scripts/setup/reporter.mjs";
import { runSteps } from "../../scripts/setup/run-steps.mjs";
import { steps } from "../../scripts/setup/set-up.mjs";
import { SetupError } from "../../scripts/setup/setup-error.mjs";

const folder = mkdtempSync(join(tmpdir(), "dn2-steps-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(chosen: Step[]): Promise<{ done: boolean; lines: string[] }> {
  let text = "";
  const stream = { write: (part: string) => (text += part) } as unknown as NodeJS.WriteStream;
  const done = await runSteps(chosen, createContext(folder), new Reporter(stream));
  const lines = text.split("\n").slice(0, -1);
  return { done, lines: lines.map((line) => line.replace(/ \d+\.\d s$/, "")) };
}

const step = (name: string, needs: string[], act: () => unknown = () => {}): Step => ({
  name,
  title: name,
  needs,
  run: async () => {
    act();
    return { detail: "made" };
  },
});

test("each step comes after those it needs", () => {
  const before = new Set<string>();
  for (const { name, needs } of steps) {
    expect(needs.filter((need) => !before.has(need))).toEqual([]);
    before.add(name);
  }
});

test("a step that fails is one line with its remedy, and what needs it is left out", async () => {
  const { done, lines } = await run([
    step("a", []),
    step("b", ["a"], () => {
      throw new SetupError("there is no b", "install b");
    }),
    step("c", ["b"]),
    step("d", ["a"]),
  ]);
  expect(done).toBe(false);
  expect(lines.sort()).toEqual(["✓ a (made)", "✓ d (made)", "✗ b: there is no b; install b"].sort());
});

test("a need that is not among the chosen steps counts as done", async () => {
  expect(await run([step("c", ["b"])])).toEqual({ done: true, lines: ["✓ c (made)"] });
});

test("an optional part that is absent says why and does not fail the set-up", async () => {
  const absent: Step = {
    ...step("a", []),
    run: async () => ({ absent: true, detail: "no compiler", remedy: "install one" }),
  };
  expect(await run([absent])).toEqual({ done: true, lines: ["– a: absent: no compiler; install one"] });
});
