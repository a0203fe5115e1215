import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NotebookOutput } from "../../kernel/run/notebook.js";

/** A cell of a notebook that was executed. */
export interface ExecutedCell {
  readonly text?: string;
  readonly code?: string;
  readonly outputs?: readonly NotebookOutput[];
  readonly tags?: readonly string[];
  readonly count?: number | null;
  readonly attachments?: object;
  readonly metadata?: object;
}

/** @returns an output that shows a bundle */
export function shown(data: Record<string, unknown>): NotebookOutput {
  return { output_type: "display_data", data, metadata: {} };
}

/** @returns what a cell has written to stdout */
export function written(text: string): NotebookOutput {
  return { output_type: "stream", name: "stdout", text };
}

/** A small picture, as notebooks keep it. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** @returns the bundle of a plotly figure in which a text stands wherever figures hold text */
export function figureOf(text: string): Record<string, unknown> {
  const x = [1, 2, 3];
  return {
    "application/vnd.plotly.v1+json": {
      data: [
        {
          type: "scatter",
          mode: "markers+text",
          x,
          y: x,
          text: [text, text, text],
          hovertext: text,
          name: text,
        },
        { type: "bar", x, y: x, name: text, hovertext: text },
      ],
      layout: {
        ...{ width: 600, height: 300, showlegend: true, title: { text } },
        xaxis: { title: { text }, tickvals: x, ticktext: [text, text, text] },
        annotations: [{ text, x: 1, y: 1 }],
      },
      config: {},
    },
    "image/png": png,
    "text/plain": `Figure: ${text}`,
  };
}

/**
 * Writes an executed notebook.
 *
 * @param folder - where to
 * @param name - file name
 * @param cells - its cells
 * @param metadata - of the notebook
 * @returns its path
 */
export function writeExecuted(
  folder: string,
  name: string,
  cells: readonly ExecutedCell[],
  metadata: object = {},
): string {
  let count = 0;
  const all = cells.map((cell, i) => {
    const own = { tags: cell.tags ?? [], ...cell.metadata };
    if (cell.code === undefined) {
      const { text = "", attachments } = cell;
      return {
        cell_type: "markdown",
        id: `c${i}`,
        metadata: own,
        source: text,
        ...(attachments ? { attachments } : {}),
      };
    }
    const execution_count = cell.count === undefined ? ++count : cell.count;
    return {
      ...{ cell_type: "code", id: `c${i}`, metadata: own, source: cell.code },
      ...{ outputs: cell.outputs ?? [], execution_count },
    };
  });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ cells: all, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}
