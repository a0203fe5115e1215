import { Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from "../core/display.js";
import { publishedFigure } from "./published.js";
import type { ClassResult } from "./unimodal.js";

/** What a run record says: all that is needed to judge and to repeat a figure. */
export interface RunContent {
  /** Name of the experiment. */
  readonly experiment: "unimodal";
  /** The images. */
  readonly dataset: {
    readonly name: string;
    /** sha256 of the original files. */
    readonly contentHash: string;
    /** Number of training images read. */
    readonly train: number;
    /** Number of test images read. */
    readonly test: number;
    /** Images that could not be read. */
    readonly unreadable: number;
    /** What a reader of the figure should know about the images. */
    readonly notes: readonly string[];
  };
  /** How features were made. */
  readonly extractor: {
    readonly name: string;
    readonly layer: string;
    readonly dimensions: number;
    /** sha256 of the weights file. */
    readonly weightsHash: string;
    readonly engine: string;
  };
  /** How images became the network's input. */
  readonly preparation: string;
  /** Number of neighbors. */
  readonly k: number;
  /** Distance that is averaged. */
  readonly distance: "squared" | "euclidean";
  /** Whether features were scaled to unit length. */
  readonly normalize: boolean;
  /** What was made smaller than the published experiment, a sentence each. */
  readonly reductions: readonly string[];
  /** ROCAUC as fractions. */
  readonly rocAuc: { readonly mean: number; readonly perClass: readonly ClassResult[] };
  /** Seconds of each stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Versions of what computed. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Record of one run of an experiment: inputs' hashes, options, versions, seconds and results. */
export class RunRecord extends Displayable {
  /** @param content - what the record says */
  constructor(readonly content: RunContent) {
    super();
  }

  /** @returns the content, for `JSON.stringify` */
  toJSON(): RunContent {
    return this.content;
  }

  /**
   * Text to read: one line a class, the mean, and the published figure where there is one.
   *
   * @returns several lines, ROCAUC in per cent
   */
  toTable(): string {
    const { experiment, dataset, extractor, k, distance, normalize, rocAuc, reductions } = this.content;
    const width = Math.max(4, ...rocAuc.perClass.map((result) => result.class.length));
    const row = (name: string, value: number, rest: string) =>
      `  ${name.padEnd(width)}  ${(value * 100).toFixed(2).padStart(6)}  ${rest}`;
    const published = publishedFigure(experiment, dataset.name);
    return [
      `${experiment} on ${dataset.name}: ${dataset.train} training and ${dataset.test} test images`,
      `${extractor.name} features${normalize ? ", L2-normalised" : ""}, k = ${k}, ${distance} distance; ROCAUC in %`,
      ...rocAuc.perClass.map((result) =>
        row(
          result.class,
          result.value,
          `${result.trainImages} training, ${result.normalTestImages} normal and ${result.anomalousTestImages} anomalous test images`,
        ),
      ),
      row("mean", rocAuc.mean, ""),
      ...(published
        ? [row("", published.rocAuc, `published, with ${published.extractor} features: ${published.source}`)]
        : []),
      ...reductions.map((text) => `  reduced: ${text}`),
      ...dataset.notes.map((text) => `  note: ${text}`),
    ]
      .map((line) => line.trimEnd())
      .join("\n");
  }

  /** @returns the table as HTML and as text */
  override async [jupyterDisplay](): Promise<MimeBundle> {
    return { "text/html": this.#toHtml(), "text/plain": this.toTable() };
  }

  toString(): string {
    const { experiment, dataset, extractor, k, rocAuc } = this.content;
    return `${experiment} on ${dataset.name} with ${extractor.name}, k = ${k}: mean ROCAUC ${(rocAuc.mean * 100).toFixed(2)} %`;
  }

  #toHtml(): string {
    const { experiment, dataset, extractor, k, distance, normalize, rocAuc, reductions } = this.content;
    const row = (cells: readonly (string | number)[], tag = "td") =>
      `<tr>${cells.map((cell, i) => `<${tag} style="text-align:${i === 0 ? "left" : "right"}">${escapeHtml(String(cell))}</${tag}>`).join("")}</tr>`;
    const percent = (value: number) => (value * 100).toFixed(2);
    const published = publishedFigure(experiment, dataset.name);
    const notes = [
      ...(published ? [`published: ${published.source}, ${published.extractor} features`] : []),
      ...reductions.map((text) => `reduced: ${text}`),
      ...dataset.notes,
      `${extractor.engine}; weights ${extractor.weightsHash.slice(0, 12)}, images ${dataset.contentHash.slice(0, 12)}`,
    ];
    const title = `${experiment} on ${dataset.name}: ${extractor.name} features${normalize ? ", L2-normalised" : ""}, k = ${k}, ${distance} distance`;
    return [
      `<table><caption style="text-align:left">${escapeHtml(title)}</caption>`,
      row(
        ["normal class", "ROCAUC, %", "training images", "normal test images", "anomalous test images"],
        "th",
      ),
      ...rocAuc.perClass.map((result) =>
        row([
          result.class,
          percent(result.value),
          result.trainImages,
          result.normalTestImages,
          result.anomalousTestImages,
        ]),
      ),
      row(["mean", percent(rocAuc.mean), "", "", ""], "th"),
      ...(published ? [row(["published mean", percent(published.rocAuc), "", "", ""])] : []),
      `</table><small>${notes.map(escapeHtml).join("<br>")}</small>`,
    ].join("");
  }
}
