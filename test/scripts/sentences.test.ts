import { createServer } from "node:net";
import { expect, test } from "vitest";
import { printReport } from "../../scripts/setup/check.mjs";
import { freePort } from "../../scripts/setup/jupyter-server.mjs";
import { installerError } from "../../scripts/setup/npm.mjs";
import { pythonProblem } from "../../scripts/setup/python.mjs";
import { closingLine } from "../../scripts/setup/test-command.mjs";

const failed = (output: string, timedOut = false) => ({ code: 1, timedOut, output, stdout: "" });

test.each([
  [
    "npm",
    "npm error code ENOTFOUND\nnpm error network request failed",
    "the npm registry could not be reached (ENOTFOUND)",
  ],
  ["npm", "npm error code EUSAGE", "package.json and package-lock.json do not agree"],
  ["npm", "npm error code E404\nnpm error 404 Not Found", "npm failed (code E404)"],
  [
    "pip",
    "WARNING: Retrying ... NewConnectionError",
    "the Python package index could not be reached (NewConnectionError)",
  ],
  ["pip", "OSError: [Errno 28] No space left on device", "the disk is full"],
  [
    "pip",
    "ERROR: No matching distribution found for jupyterlab",
    "pip failed (ERROR: No matching distribution found for jupyterlab)",
  ],
])("%s printing %j becomes a sentence", (what, output, sentence) => {
  expect(installerError(what, failed(output), "the log").message).toBe(sentence);
});

test("an installer that never answered is a registry that could not be reached", () => {
  expect(installerError("pip", failed("", true), "the log").message).toContain(
    "could not be reached (no answer)",
  );
});

test("a Python without venv, too old or missing is told with the remedy", () => {
  expect(pythonProblem("3.8.1", "3.11.2").remedy).toContain("apt install python3-venv");
  expect(pythonProblem("3.8.1", "").message).toBe(
    "JupyterLab needs Python 3.10 or newer; found only Python 3.8.1",
  );
  expect(pythonProblem("", "").message).toBe("JupyterLab needs Python 3.10 or newer; found none");
});

test("the report marks what is missing and what dn2 can do without", () => {
  const lines: string[] = [];
  const items = [
    { name: "Node", ok: true, required: true, detail: "22.1.0", remedy: "" },
    { name: "build", ok: false, required: true, detail: "missing", remedy: "build it" },
    { name: "browser", ok: false, required: false, detail: "not found", remedy: "install one" },
  ];
  printReport(items, (line) => lines.push(line));
  expect(lines).toEqual([
    "✓ Node     22.1.0",
    "✗ build    missing; build it",
    "– browser  not found; install one",
  ]);
});

const results = { numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
const brokenFile = { status: "failed", assertionResults: [] };

test("the closing line counts passed, failed and skipped tests, and a broken file as a failure", () => {
  expect(closingLine({ ...results, testResults: [] }, 1)).toBe("7 passed, 1 failed, 3 skipped");
  expect(closingLine({ ...results, testResults: [brokenFile] }, 1)).toBe("7 passed, 2 failed, 3 skipped");
  expect(closingLine({ ...results, numFailedTests: 0, testResults: [] }, 1)).toBe(
    "7 passed, 1 failed, 3 skipped",
  );
  expect(closingLine(undefined, 1)).toBe("0 passed, 1 failed, 0 skipped");
});

test("the port is the next free one when the preferred one is taken", async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port));
  });
  expect(await freePort(port)).not.toBe(port);
  taken.close();
});
