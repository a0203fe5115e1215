import { basename } from "node:path";
import { checkOptions } from "../../src/core/options.js";
import { packageVersion } from "../package-root.js";
import { hasTag, type Notebook, type NotebookCell, readNotebook } from "../run/notebook.js";
import { highlighted } from "./code.js";
import { Contents } from "./contents.js";
import { type Allowances, checkExecuted, isInOrder } from "./executed.js";
import { type Html, html } from "./html.js";
import { Markdown } from "./markdown.js";
import { outputsMarkup } from "./outputs.js";
import { pageText } from "./page.js";
import { picturesOf } from "./pictures.js";
import { explorerProgram, plotlyProgram } from "./programs.js";

/** Options of `shareNotebook`. */
export interface ShareOptions extends Allowances {
  /** Module that moves explorers; default the one of the package. */
  readonly explorerModule?: string;
}

/** A shared notebook. */
export interface SharedPage {
  /** Content of the HTML file. */
  readonly text: string;
  /** What it holds: how many figures, explorers and pictures, and their bytes. */
  readonly contents: Contents;
  /** Bytes of the programs that it carries. */
  readonly programBytes: number;
  /** What a reader should know about the notebook, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Makes one self-contained HTML file of an executed notebook: text, code, outputs, figures and explorers that move
 * without a kernel and without a network. Everything in the notebook is data: its HTML is escaped or sanitized.
 *
 * @param path - the notebook
 * @param options - what is allowed in it
 * @returns the page
 * @throws DataError when the file is no notebook, was not executed or has cells that failed
 */
export async function shareNotebook(path: string, options: ShareOptions = {}): Promise<SharedPage> {
  checkOptions("shareNotebook", options, ["allowErrors", "allowUnexecuted", "explorerModule"]);
  const notebook = await readNotebook(path);
  checkExecuted(path, notebook, options);
  const markdown = new Markdown();
  const contents = new Contents();
  const cells: Html[] = [];
  for (const cell of notebook.cells) cells.push(await cellMarkup(path, cell, { markdown, contents }));
  const moving = contents.of("explorer").count > 0;
  const programs = [
    ...(moving || contents.of("plotly").count > 0 ? [plotlyProgram()] : []),
    ...(moving ? [explorerProgram(options.explorerModule)] : []),
  ];
  const source = basename(path);
  const title = markdown.headings.find(({ level }) => level === 1)?.text ?? source;
  const about = [executionLine(notebook), parameterLine(notebook)].filter((line) => line !== "");
  const text = pageText({
    ...{ title, about, headings: markdown.headings, cells, programs, contents, source },
    version: packageVersion,
  });
  const notes = isInOrder(notebook)
    ? []
    : ["its cells were not run from top to bottom; a fresh run may give other results"];
  return { text, contents, notes, programBytes: programs.reduce((sum, { bytes }) => sum + bytes, 0) };
}

interface Makers {
  readonly markdown: Markdown;
  readonly contents: Contents;
}

async function cellMarkup(path: string, cell: NotebookCell, makers: Makers): Promise<Html> {
  if (cell.cell_type === "markdown") {
    return html`<section class="text">${makers.markdown.render(cell.source, picturesOf(path, cell))}</section>`;
  }
  if (cell.cell_type !== "code") return html`<pre class="raw">${cell.source}</pre>`;
  const { source_hidden: hidden } = (cell.metadata.jupyter ?? {}) as { source_hidden?: boolean };
  const code =
    cell.source.trim() === ""
      ? html``
      : html`<pre class="source"><code>${highlighted(cell.source, "typescript")}</code></pre>`;
  const folded = hidden === true ? html`<details><summary>Code</summary>${code}</details>` : code;
  const mark = markOf(cell);
  const outputs = await outputsMarkup(cell.outputs ?? [], makers);
  return html`<section class="cell">${mark && html`<p class="mark">${mark}</p>`}${folded}${outputs.map((output) => html`\n${output}`)}</section>`;
}

function markOf(cell: NotebookCell): string {
  if (cell.source.trim() === "") return "";
  if (!(Number(cell.execution_count) > 0)) return "Not executed";
  return hasTag(cell, "injected-parameters") ? "Parameters of this run" : "";
}

/** From the runner's note, else from the times that JupyterLab keeps with cells. */
function executionLine({ cells, metadata }: Notebook): string {
  const run = (metadata.dn2 ?? {}) as { version?: unknown; executed?: unknown };
  const times = cells.flatMap(({ metadata: { execution } }) => Object.values((execution ?? {}) as object));
  const when = [run.executed, times.sort().at(-1)].find((time) => !Number.isNaN(Date.parse(String(time))));
  if (when === undefined) return "When the notebook was executed is not recorded.";
  const date = new Date(String(when)).toISOString().slice(0, 16).replace("T", ", ");
  return `Executed on ${date} UTC${typeof run.version === "string" ? ` with dn2 ${run.version}` : ""}.`;
}

function parameterLine({ metadata }: Notebook): string {
  const { parameters } = (metadata.dn2 ?? {}) as { parameters?: object };
  const values = Object.entries(parameters ?? {}).map(
    ([name, value]) => `${name} = ${JSON.stringify(value)}`,
  );
  return values.length === 0 ? "" : `Parameters: ${values.join(", ")}.`;
}
