import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { labPython } from "../helpers/jupyter-lab.js";

const python = labPython();
if (!python) console.log("skipped: Jupyter's tests of kernels need the Python environment (npm run setup)");

it.skipIf(!python)("the kernel passes all tests that Jupyter offers to kernels", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-jupyter-"));
  const report = await new Promise<string>((resolve) => {
    const program = join(import.meta.dirname, "kernel_tests.py");
    execFile(python!, [program], { cwd: folder }, (_error, _stdout, stderr) => resolve(stderr));
  });
  rmSync(folder, { recursive: true, force: true });
  // A failure that a second try makes good is shown nowhere else.
  if (!/\nOK\s*$/.test(report)) console.log(report);
  const results = [...report.matchAll(/^(test_\w+) \(.*? \.\.\. (.+)$/gm)].map(([, name, result]) => ({
    name,
    result,
  }));
  expect(results.filter(({ result }) => result !== "ok")).toEqual([]);
  expect(report).toMatch(/\nOK\s*$/);
  expect(results.map(({ name }) => name)).toEqual([
    "test_clear_output",
    "test_completion",
    "test_display_data",
    "test_error",
    "test_execute_result",
    "test_execute_stderr",
    "test_execute_stdout",
    "test_history",
    "test_inspect",
    "test_is_complete",
    "test_kernel_info",
    "test_pager",
    "test_recv_iopub_welcome_msg",
  ]);
});
