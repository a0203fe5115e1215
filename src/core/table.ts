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
 * @returns the table as HTML and as text
 */
export function tableBundle(table: Table, options: { readonly strong?: string } = {}): MimeBundle {
  const { title, header, rows, notes } = table;
  const cells = (row: readonly string[], tag: string) =>
    header
      .map(
        (_, i) =>
          `<${tag} style="text-align:${i === 0 ? "left" : "right"}">${escapeHtml(row[i] ?? "")}</${tag}>`,
      )
      .join("");
  const html = [
    `<table><caption style="text-align:left">${escapeHtml(title)}</caption>`,
    `<tr>${cells(header, "th")}</tr>`,
    ...rows.map((row) => `<tr>${cells(row, row[0] === options.strong ? "th" : "td")}</tr>`),
    `</table><small>${notes.map(escapeHtml).join("<br>")}</small>`,
  ].join("");
  return { "text/html": html, "text/plain": tableText(table) };
}
