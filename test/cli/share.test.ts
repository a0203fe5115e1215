import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { figureOf, shown, writeExecuted } from "../share/notebooks.js";

const program = join(import.meta.dirname, "../../dist/cli/dn2.js");
const folder = mkdtempSync(join(tmpdir(), "dn2-share-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function share(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, "share", ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it("writes one HTML file and says how large it is and why", async () => {
  writeExecuted(folder, "a.ipynb", [{ text: "# A" }, { code: "1", outputs: [shown(figureOf("x"))] }]);
  const { code, stdout, stderr } = await share("a.ipynb");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^a\.html: 2\.\d MB \(programs 2\.\d MB, 1 figure \d+ kB\)\n$/);
  expect(readFileSync(join(folder, "a.html"), "utf8")).toMatch(/^<!doctype html>/);
  expect((await share("a.ipynb", "-o", "b.html")).stdout).toMatch(/^b\.html: /);
});

it("refuses what was not executed or failed with one line and exit code 1, unless told otherwise", async () => {
  const error = { output_type: "error" as const, ename: "Error", evalue: "no", traceback: [] };
  writeExecuted(folder, "c.ipynb", [
    { code: "1", count: null },
    { code: "fail()", outputs: [error] },
  ]);
  const refused = await share("c.ipynb");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/^dn2: c\.ipynb must be executed.*code cell 1 \(1\) is not executed.*\n$/);
  const half = await share("c.ipynb", "--allow-unexecuted");
  expect(half.code).toBe(1);
  expect(half.stderr).toMatch(/code cell 2 \(fail\(\)\) is in error/);
  expect(existsSync(join(folder, "c.html"))).toBe(false);
  expect((await share("c.ipynb", "--allow-unexecuted", "--allow-errors")).code).toBe(0);
});

it("answers a wrong command line with one line and exit code 2", async () => {
  for (const args of [
    [],
    ["gone.ipynb"],
    ["a.ipynb", "b.ipynb"],
    ["a.ipynb", "-o", "a.pdf"],
    ["a.ipynb", "-o", "a.ipynb/a.html"],
  ]) {
    const { code, stderr } = await share(...args);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }
});
