import { escapeHtml, type MimeBundle } from "./display.js";

/** A table of texts with a title above and lines below. */
export interface Table {
  /** One line above the table. */
  readonly title: string;
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Cells, the first of each row its name; a row may end early. */
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes: readonly string[];
}

/**
 * @param table - a table
 * @returns text of several lines: the first column to the left, the others to the right
 */
export function tableText({ title, header, rows, notes }: Table): string {
  const all = header.length > 0 ? [header, ...rows] : rows;
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`;
  return [title, ...all.map(line), ...notes.map((note) => `  ${note}`)]
    .map((text) => text.trimEnd())
    .join("\n");
}

/**
 * @param table - a table
 * @param options - `strong`: name of a row that is set off
 * @returns the table as HTML, which scrolls sideways where the page is narrower, and as text
 */
export function tableBundle(table: Table, options: { readonly strong?: string } = {}): MimeBundle {
  const { title, header, rows, notes } = table;
  const cell = (text: string, tag: string, style: string) => `<${tag} style="${style}">${text}</${tag}>`;
  const heads = header.map((text, i) => cell(escapeHtml(text), "th", `text-align:${side(i)}`));
  const cells = (row: readonly string[], tag: string) =>
    header.map((_, i) =>
      cell(unbroken(row[i] ?? "", i > 0), tag, `text-align:${side(i)};white-space:nowrap`),
    );
  const html = [
    `<p style="margin:0 0 .4em">${escapeHtml(title)}</p><div style="overflow-x:auto"><table>`,
    `<tr>${heads.join("")}</tr>`,
    ...rows.map((row) => `<tr>${cells(row, row[0] === options.strong ? "th" : "td").join("")}</tr>`),
    `</table></div><small>${notes.map(escapeHtml).join("<br>")}</small>`,
  ].join("");
  return { "text/html": html, "text/plain": tableText(table) };
}

function side(column: number): "left" | "right" {
  return column === 0 ? "left" : "right";
}

/** A cell's text as HTML; figures are not broken into lines where styles were taken out of the page, either. */
function unbroken(text: string, isFigure: boolean): string {
  const escaped = escapeHtml(text);
  return isFigure ? escaped.replaceAll(" ", "\u00a0") : escaped;
}
