import { readFile } from "node:fs/promises";
import { DataError, whyNotJson } from "../../src/core/errors.js";
import { writeFileAtomically } from "../../src/core/write-file.js";

/** An output of a cell, as notebook files hold it. */
export type NotebookOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      execution_count: number;
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A cell of a notebook; texts are joined. */
export interface NotebookCell {
  /** "code", "markdown" or "raw". */
  cell_type: string;
  /** Identifier, in notebooks of format 4.5 and later. */
  id?: string;
  /** Tags and the like. */
  metadata: { tags?: string[]; [key: string]: unknown };
  /** Text of the cell. */
  source: string;
  /** Of code cells: what the last run gave. */
  outputs?: NotebookOutput[];
  /** Of code cells: number of the last run, null when never run. */
  execution_count?: number | null;
  [key: string]: unknown;
}

/** A notebook file's content. */
export interface Notebook {
  /** The cells. */
  cells: NotebookCell[];
  /** Kernelspec, language and the like. */
  metadata: Record<string, unknown>;
  /** Version of the format; 4. */
  nbformat: number;
  /** Minor version of the format. */
  nbformat_minor: number;
}

/**
 * Reads a notebook file.
 *
 * @param path - the file
 * @returns its content, with texts joined
 * @throws DataError when it cannot be read or is no notebook of format 4
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let content: Notebook;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const reason = whyNotJson(error);
    throw new DataError(`cannot read the notebook ${path}: ${reason}`, path, error);
  }
  if (content?.nbformat !== 4 || !Array.isArray(content.cells)) {
    throw new DataError(
      `${path} must be a Jupyter notebook of format 4; save it with a current Jupyter`,
      path,
    );
  }
  for (const cell of content.cells) {
    cell.source = joined(cell.source);
    cell.metadata ??= {};
    for (const output of cell.outputs ?? []) joinTexts(output);
  }
  return content;
}

/**
 * Writes a notebook file the way Jupyter does, so that version control sees only what changed.
 *
 * @param path - the file; replaced in one step
 * @param notebook - its content
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeFileAtomically(path, notebookText(notebook));
}

/**
 * A notebook as text, with sorted keys and texts as lists of lines.
 *
 * @param notebook - the notebook
 * @returns JSON as Jupyter writes it
 */
export function notebookText(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: linesOf(cell.source),
    ...(cell.outputs ? { outputs: cell.outputs.map(outputForFile) } : {}),
  }));
  return `${JSON.stringify(sorted({ ...notebook, cells }), null, 1)}\n`;
}

/**
 * @param cell - a cell
 * @param tag - a tag
 * @returns whether the cell has the tag
 */
export function hasTag(cell: NotebookCell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

function outputForFile(output: NotebookOutput): object {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (!("data" in output)) return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === "string" && isText(type) ? linesOf(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function joinTexts(output: NotebookOutput): void {
  if (output.output_type === "stream") output.text = joined(output.text);
  if (!("data" in output)) return;
  for (const [type, value] of Object.entries(output.data)) {
    if (Array.isArray(value) && !/[/+]json$/.test(type)) output.data[type] = joined(value);
  }
}

function isText(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text ?? "");
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== "");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
