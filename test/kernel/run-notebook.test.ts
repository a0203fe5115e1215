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
      source: ["// Parameters\n", "let k = 7;\n", 'let name = "from outside";'],
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

  it("survives cells that end their process, and can be interrupted", async () => {
    await expect(runNotebook(notebook("c.ipynb", ["process.exit(4)"]))).rejects.toThrow(
      /ended early \(exit code 4\)/,
    );
    const controller = new AbortController();
    const run = runNotebook(notebook("d.ipynb", ["console.log('go'); while (true) {}"]), {
      signal: controller.signal,
      onOutput: () => controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ name: "Aborted" });
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
    await expect(runNotebook(path, { outputs: 1 } as object)).rejects.toThrow(/unknown option outputs/);
  });
});
