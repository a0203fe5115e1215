import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NotebookOutput } from "../../kernel/run/notebook.js";
import { runNotebook } from "../../kernel/run/run-notebook.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-run-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function notebook(name: string, sources: (string | { source: string; tags: string[] })[]): string {
  const path = join(folder, name);
  const cells = sources.map((cell, index) => ({
    cell_type: "code",
    id: `c${index}`,
    metadata: typeof cell === "string" ? {} : { tags: cell.tags },
    source: (typeof cell === "string" ? cell : cell.source).split(/(?<=\n)/),
    outputs: [],
    execution_count: null,
  }));
  const text = { cell_type: "markdown", id: "text", metadata: {}, source: ["# Title"] };
  writeFileSync(
    path,
    JSON.stringify({ cells: [text, ...cells], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
  );
  return path;
}

describe("runNotebook", () => {
  it("runs cells in the notebook's folder with parameters, and writes what came of it", async () => {
    const path = notebook("a.ipynb", [
      { source: "let k = 2;\nlet name = 'none';", tags: ["parameters"] },
      "console.log(name);\nconsole.log(process.cwd());",
      "k * 10",
      `const bridge = (globalThis as any)[Symbol.for("dn2.kernel")];
bridge.display({ "text/plain": "old" }, { displayId: "x" });
bridge.display({ "image/png": new Uint8Array([1, 2, 3]) });
bridge.update("x", { "text/plain": "new" });
typeof dn2.Random`,
      "console.log('gone'); bridge.clearOutput(true); console.log('left');",
    ]);
    const output = join(folder, "a-done.ipynb");
    const seen: [number, NotebookOutput][] = [];
    const run = await runNotebook(path, {
      parameters: { k: 7, name: "from outside" },
      output,
      onOutput: (one, cell) => seen.push([cell, one]),
    });
    expect(run.failed).toEqual([]);
    const written = JSON.parse(readFileSync(output, "utf8"));
    const outputs = written.cells.map((cell: { outputs?: unknown }) => cell.outputs);
    expect(written.cells[2]).toMatchObject({
      metadata: { tags: ["injected-parameters"] },
      source: ["// Parameters\n", "let k: number = 7;\n", 'let name = "from outside";'],
    });
    expect(outputs[3]).toEqual([
      { name: "stdout", output_type: "stream", text: ["from outside\n", `${folder}\n`] },
    ]);
    expect(outputs[4]).toEqual([
      { data: { "text/plain": ["70"] }, execution_count: 4, metadata: {}, output_type: "execute_result" },
    ]);
    expect(outputs[5].map((one: { data: unknown }) => one.data)).toEqual([
      { "text/plain": ["new"] },
      { "image/png": "AQID" },
      { "text/plain": ["'function'"] },
    ]);
    expect(outputs[6]).toEqual([{ name: "stdout", output_type: "stream", text: ["left\n"] }]);
    expect(written.metadata.kernelspec.name).toBe("dn2");
    expect(seen.length).toBeGreaterThanOrEqual(7);
    expect(readFileSync(path, "utf8")).not.toContain("from outside");
  });

  it("stops at the first error and says which cell and line, unless errors are allowed", async () => {
    const path = notebook("b.ipynb", ["1", "\nthrow new RangeError('no')", "console.log('after')"]);
    const stopped = await runNotebook(path);
    expect(stopped.failed).toMatchObject([
      { index: 2, executionCount: 2, ename: "RangeError", evalue: "no" },
    ]);
    expect(stopped.failed[0].traceback.join("\n")).toContain("cell [2], line 2");
    expect(stopped.notebook.cells[3].outputs).toEqual([]);
    const gone = await runNotebook(path, { allowErrors: true });
    expect(gone.failed).toHaveLength(1);
    expect(gone.notebook.cells[3].outputs).toMatchObject([{ text: "after\n" }]);
  });

  it("goes on after a cell that is meant to fail", async () => {
    const path = notebook("r.ipynb", [
      { source: "throw new Error('see?')", tags: ["raises-exception"] },
      "2",
    ]);
    const { failed, notebook: run } = await runNotebook(path);
    expect(failed).toEqual([]);
    expect(run.cells[1].outputs).toMatchObject([{ output_type: "error", evalue: "see?" }]);
    expect(run.cells[2].outputs).toHaveLength(1);
  });

  it("says when a cell ends its process, and goes no further", async () => {
    const path = notebook("c.ipynb", ["process.exit(4)", "2"]);
    const { failed, notebook: run } = await runNotebook(path, { allowErrors: true });
    expect(failed).toMatchObject([{ index: 1, ename: "ProcessEnded" }]);
    expect(failed[0].evalue).toMatch(/ended early \(exit code 4\)/);
    expect(run.cells[1].outputs).toMatchObject([{ output_type: "error", ename: "ProcessEnded" }]);
    expect(run.cells[2].execution_count).toBeNull();
  });

  it.each([
    ["waits", "await new Promise(() => {});"],
    ["never lets go", "while (true) {}"],
  ])("can be interrupted while a cell %s, and has then written what was executed", async (_, code) => {
    const controller = new AbortController();
    const output = join(folder, "d-done.ipynb");
    const run = runNotebook(notebook("d.ipynb", ["41 + 1", `console.log("go"); ${code}`, "'after'"]), {
      signal: controller.signal,
      output,
      onOutput: (one) => one.output_type === "stream" && controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ name: "Aborted" });
    const { cells } = JSON.parse(readFileSync(output, "utf8"));
    expect(cells[1].outputs).toMatchObject([{ data: { "text/plain": ["42"] } }]);
    expect(cells[2].outputs).toMatchObject([{ text: ["go\n"] }, { output_type: "error", ename: "Aborted" }]);
    expect(cells[3]).toMatchObject({ outputs: [], execution_count: null });
  });

  it("ends a cell that takes longer than it may", async () => {
    const path = notebook("t.ipynb", ["await new Promise(() => {});", "2"]);
    const { failed, notebook: run } = await runNotebook(path, { timeoutMs: 50, allowErrors: true });
    expect(failed).toMatchObject([{ ename: "Timeout", evalue: "the cell took longer than 0.05 s" }]);
    expect(run.cells[1].outputs).toMatchObject([{ output_type: "error", ename: "Timeout" }]);
    expect(run.cells[2].execution_count).toBeNull();
  });

  it("tells each cell's start and end, and the line at which one failed", async () => {
    const path = notebook("p.ipynb", [
      "function half(x: number): number {\n  throw new Error('odd');\n}",
      " ",
      "// why\nconst y = half(3);",
      "\n\nconst z: string = 1;",
    ]);
    const seen: string[] = [];
    const { failed } = await runNotebook(path, {
      allowErrors: true,
      onCell: ({ index, number, count, label, state }) =>
        seen.push(`${state} ${index}: ${number} of ${count}, ${label}`),
    });
    expect(seen).toEqual([
      ...["started", "succeeded"].map((state) => `${state} 1: 1 of 3, function half(x: number): number {`),
      ...["started", "failed"].map((state) => `${state} 3: 2 of 3, const y = half(3);`),
      ...["started", "failed"].map((state) => `${state} 4: 3 of 3, const z: string = 1;`),
    ]);
    expect(failed.map(({ line }) => line)).toEqual([2, 3]);
  });

  it("says in the file with which version, when and with which parameters it was run", async () => {
    const before = Date.now();
    const { notebook: run } = await runNotebook(notebook("m.ipynb", ["1"]), { parameters: { k: 3 } });
    const { version, executed, parameters } = run.metadata.dn2 as Record<string, string>;
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(Date.parse(executed)).toBeGreaterThanOrEqual(before);
    expect(parameters).toEqual({ k: 3 });
    expect(run.metadata.language_info).toMatchObject({ name: "typescript" });
  });

  it("refuses what is no notebook, and parameters that cannot be names", async () => {
    const path = join(folder, "text.ipynb");
    writeFileSync(path, "no json");
    await expect(runNotebook(path)).rejects.toMatchObject({ name: "DataError" });
    writeFileSync(path, '{"nbformat": 3}');
    await expect(runNotebook(path)).rejects.toThrow(/format 4/);
    await expect(runNotebook(notebook("e.ipynb", ["1"]), { parameters: { "a b": 1 } })).rejects.toThrow(
      RangeError,
    );
    const python = join(folder, "python.ipynb");
    const kernelspec = { name: "python3", language: "python", display_name: "Python 3" };
    writeFileSync(
      python,
      JSON.stringify({ cells: [], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }),
    );
    await expect(runNotebook(python)).rejects.toThrow(
      /must be a TypeScript notebook; its kernel speaks python/,
    );
    await expect(runNotebook(path, { outputs: 1 } as object)).rejects.toThrow(/unknown option outputs/);
  });
});
