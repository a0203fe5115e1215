import { Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from "../core/display.js";
import { recordTable } from "./record-table.js";
import type { RunContent } from "./run-content.js";

/** MIME type of a record's JSON in a notebook's outputs. */
export const runRecordMime = "application/vnd.dn2.run+json";

/** Record of one run of an experiment: inputs' hashes, options, versions, seconds and results. */
export class RunRecord<Content extends RunContent = RunContent> extends Displayable {
  /** @param content - what the record says */
  constructor(readonly content: Content) {
    super();
  }

  /** @returns the content, for `JSON.stringify` */
  toJSON(): Content {
    return this.content;
  }

  /**
   * Text to read: one line a class or a point, the mean, and the published figures where there are any.
   *
   * @returns several lines, ROCAUC in per cent
   */
  toTable(): string {
    const { title, header, rows, notes } = recordTable(this.content);
    const all = [header, ...rows];
    const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
    const line = (row: readonly string[]) =>
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`;
    return [title, ...all.map(line), ...notes.map((note) => `  ${note}`)]
      .map((text) => text.trimEnd())
      .join("\n");
  }

  /** @returns the table as HTML and as text, and the record itself, from which a shared notebook can be checked */
  override async [jupyterDisplay](): Promise<MimeBundle> {
    return { "text/html": this.#toHtml(), "text/plain": this.toTable(), [runRecordMime]: this.content };
  }

  toString(): string {
    const { experiment, dataset, extractor, k, rocAuc, varied } = this.content;
    const what = `${experiment} on ${dataset.name} with ${extractor.name}`;
    if (rocAuc) return `${what}, k = ${k}: mean ROCAUC ${(rocAuc.mean * 100).toFixed(2)} %`;
    const names = varied?.curves.map(({ name }) => name).join(", ");
    return `${what}: ROCAUC over ${varied?.xLabel} (${names})`;
  }

  #toHtml(): string {
    const { title, header, rows, notes, origin } = recordTable(this.content);
    const cells = (row: readonly string[], tag: string) =>
      header
        .map(
          (_, i) =>
            `<${tag} style="text-align:${i === 0 ? "left" : "right"}">${escapeHtml(row[i] ?? "")}</${tag}>`,
        )
        .join("");
    return [
      `<table><caption style="text-align:left">${escapeHtml(title)}</caption>`,
      `<tr>${cells(header, "th")}</tr>`,
      ...rows.map((row) => `<tr>${cells(row, row[0] === "mean" ? "th" : "td")}</tr>`),
      `</table><small>${[...notes, origin].map(escapeHtml).join("<br>")}</small>`,
    ].join("");
  }
}
