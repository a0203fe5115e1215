import { Displayable, jupyterDisplay, type MimeBundle } from "../core/display.js";
import { tableBundle, tableText } from "../core/table.js";
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
    return tableText(recordTable(this.content));
  }

  /** @returns the table as HTML and as text, and the record itself, from which a shared notebook can be checked */
  override async [jupyterDisplay](): Promise<MimeBundle> {
    const table = recordTable(this.content);
    const shown = tableBundle({ ...table, notes: [...table.notes, table.origin] }, { strong: "mean" });
    return { ...shown, "text/plain": this.toTable(), [runRecordMime]: this.content };
  }

  toString(): string {
    const { experiment, dataset, extractor, k, rocAuc, varied } = this.content;
    const what = `${experiment} on ${dataset.name} with ${extractor.name}`;
    if (rocAuc) return `${what}, k = ${k}: mean ROCAUC ${(rocAuc.mean * 100).toFixed(2)} %`;
    const names = varied?.curves.map(({ name }) => name).join(", ");
    return `${what}: ROCAUC over ${varied?.xLabel} (${names})`;
  }
}
