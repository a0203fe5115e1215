import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type NotebookCell, readNotebook } from "../../kernel/run/notebook.js";
import { labPython } from "../helpers/jupyter-lab.js";

const python = labPython();
if (!python) console.log("skipped: nbclient and papermill need the Python environment (npm run setup)");

const documentation = readFileSync(join(import.meta.dirname, "../../docs/papermill.md"), "utf8");
const snippets = [...documentation.matchAll(/```python\n(.*?)```/gs)].map(([, code]) => code);
const snippetWith = (word: string): string => snippets.find((code) => code.includes(word))!;

const folder = mkdtempSync(join(tmpdir(), "dn2-python-"));
const executed = join(folder, "executed.ipynb");
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => rmSync(executed, { force: true }));

function write(sources: readonly string[]): void {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", id: `c${i}`, source, outputs: [], execution_count: null },
    metadata: { tags: source.includes("// parameters") ? ["parameters"] : [] },
  }));
  const kernelspec = { name: "dn2", language: "typescript", display_name: "DN2 (TypeScript)" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(join(folder, "notebook.ipynb"), JSON.stringify(notebook));
}

function run(code: string): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(python!, ["-c", code], { cwd: folder, env: process.env }, (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stderr: stripVTControlCharacters(stderr) }),
    );
  });
}

const result = async (): Promise<NotebookCell[]> => (await readNotebook(executed)).cells;

const cells = [
  "// parameters\nconst k: number = 2; // neighbours\nconst name = 'none';",
  "console.log(`k is ${k}`);\nk * 10",
  "throw new RangeError('k is too large')",
  "typeof dn2.Random",
];

describe.skipIf(!python)("notebooks run from Python", () => {
  it("by nbclient, as documented", async () => {
    write(cells.filter((source) => !source.startsWith("throw")));
    expect(await run(snippetWith("NotebookClient"))).toMatchObject({ code: 0 });
    expect((await result())[1].outputs).toMatchObject([
      { output_type: "stream", name: "stdout", text: "k is 2\n" },
      { output_type: "execute_result", data: { "text/plain": "20" } },
    ]);
    expect((await result())[2].outputs).toMatchObject([{ data: { "text/plain": "'function'" } }]);
  });

  it("by nbclient, where a failed cell stops the run, or does not when errors are allowed", async () => {
    write(cells);
    const stopped = await run(snippetWith("NotebookClient"));
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain("RangeError: k is too large");
    expect(existsSync(executed)).toBe(false);
    const allowed = snippetWith("NotebookClient").replace("timeout=600", "timeout=600, allow_errors=True");
    expect(await run(allowed)).toMatchObject({ code: 0 });
    expect((await result())[2].outputs).toMatchObject([{ output_type: "error", ename: "RangeError" }]);
    expect((await result())[3].outputs).toMatchObject([{ data: { "text/plain": "'function'" } }]);
  });

  it("by papermill with the documented translator, with parameters", async () => {
    write(cells.filter((source) => !source.startsWith("throw")));
    const values =
      'parameters={"k": 5, "name": "it\'s \\"quoted\\"\\n", "list": [1, None, True], "at": {"x": 0.5}}';
    const { code, stderr } = await run(snippetWith("papermill").replace('parameters={"k": 5}', values));
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stderr).toContain("Passed unknown parameter: list");
    expect(stderr).not.toContain("unknown parameter: k");
    const done = await result();
    expect(done[1].metadata.tags).toEqual(["injected-parameters"]);
    expect(done[1].source).toContain('let list = [1, null, true];\nlet at = {"x": 0.5};');
    expect(done[2].outputs).toMatchObject([{ text: "k is 5\n" }, { data: { "text/plain": "50" } }]);
  });

  it("by papermill, which stops at an error and has written what was executed", async () => {
    write(cells);
    const { code, stderr } = await run(snippetWith("papermill"));
    expect(code).toBe(1);
    expect(stderr).toContain("RangeError: k is too large");
    const outputs = (await result()).map((cell) => cell.outputs ?? []);
    expect(outputs.flat()).toMatchObject([
      { text: "k is 5\n" },
      { data: { "text/plain": "50" } },
      { output_type: "error", ename: "RangeError" },
    ]);
  });
});
