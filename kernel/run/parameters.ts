import type { Notebook, NotebookCell } from "./notebook.js";

/**
 * Puts parameters into a notebook, following papermill's convention: a cell tagged `injected-parameters` after the one
 * tagged `parameters`, or first when there is none. An injected cell from an earlier run is replaced.
 *
 * @param notebook - changed in place
 * @param parameters - values by name; JSON values
 * @throws RangeError when a name is no TypeScript identifier
 */
export function injectParameters(notebook: Notebook, parameters: Record<string, unknown>): void {
  notebook.cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const lines = Object.entries(parameters).map(([name, value]) => {
    if (!/^[A-Za-z_$][\w$]*$/.test(name))
      throw new RangeError(`a parameter must have a TypeScript name; got ${name}`);
    return `let ${name} = ${JSON.stringify(value)};`;
  });
  if (lines.length === 0) return;
  const cell: NotebookCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: "injected-parameters" } : {}),
    metadata: { tags: ["injected-parameters"] },
    source: `// Parameters\n${lines.join("\n")}`,
    outputs: [],
    execution_count: null,
  };
  const at = notebook.cells.findIndex((candidate) => hasTag(candidate, "parameters"));
  notebook.cells.splice(at + 1, 0, cell);
}

function hasTag(cell: NotebookCell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}
