import { Displayable, jupyterDisplay, type MimeBundle } from "../../core/display.js";
import { type Table, tableBundle, tableText } from "../../core/table.js";
import type { DistillationContent, ReportRow } from "./content.js";
import { LearningCurve } from "./learning-curve.js";

/** An extractor of your own, on disk, and what was measured of it. */
export class DistilledExtractor extends Displayable {
  /**
   * @param path - the file: what `loadExtractor` and `--extractor` take
   * @param content - what the file beside it tells
   */
  constructor(
    readonly path: string,
    readonly content: DistillationContent,
  ) {
    super();
  }

  /** How the training went; shows itself as a figure. */
  get curve(): LearningCurve {
    const { extractor, epochs, curve, report } = this.content;
    return new LearningCurve(extractor.name, epochs, curve, report?.rows[0].rocAuc);
  }

  /** @returns path and content, for `JSON.stringify` */
  toJSON(): DistillationContent & { readonly path: string } {
    return { path: this.path, ...this.content };
  }

  /** @returns text to read, several lines: teacher, new extractor and the package's own side by side */
  toTable(): string {
    return tableText(this.#table());
  }

  override async [jupyterDisplay](): Promise<MimeBundle> {
    return tableBundle(this.#table());
  }

  toString(): string {
    const { extractor, decisive, finished, epochs } = this.content;
    const state = finished ? "" : `, unfinished: ${extractor.epoch} of ${epochs} epochs`;
    return `extractor ${extractor.name}: ${extractor.dimensions} features, distilled from ${decisive.teacher}${state}`;
  }

  #table(): Table {
    const { extractor, decisive, report, epochs } = this.content;
    const millions = (extractor.parameters / 1e6).toFixed(1);
    const title = `${extractor.name}: ${extractor.dimensions} features, ${extractor.inputSize} px input, ${millions} M parameters; distilled from ${decisive.teacher} on ${decisive.images}, ${epochs} epochs`;
    if (!report) return { title, header: [], rows: [], notes: [this.toString()] };
    const hasRocAuc = report.classes.length > 0;
    const header = [
      "",
      ...(hasRocAuc ? ["ROCAUC in %", "95 % interval"] : []),
      "rank correlation with the teacher",
      "nearest 10 in common",
      "images/s",
    ];
    const roles = ["teacher", "new", "package's own"];
    const rows = report.rows.map((row, i) => [
      `${roles[i]}: ${row.name}`,
      ...(hasRocAuc ? [percent(row.rocAuc ?? 0), interval(row)] : []),
      row.rankCorrelation.toFixed(3),
      `${(100 * row.neighborOverlap).toFixed(1)} %`,
      row.imagesPerSecond === undefined ? "" : rounded(row.imagesPerSecond),
    ]);
    const [teacher, own] = report.rows.map((row) => row.imagesPerSecond ?? Number.NaN);
    return {
      title,
      header,
      rows,
      notes: [
        ...differences(this.content),
        `${rounded(own / teacher)} times as fast as its teacher, from decoded images to features, on ${this.content.versions.engine}`,
        `measured on ${report.heldOut} held-out images against ${report.bank} of the training images, k = ${report.k}${hasRocAuc ? `; mean over ${report.classes.length === 1 ? "the class" : `${report.classes.length} classes, each in turn normal:`} ${report.classes.join(", ")}` : ""}`,
        ...report.notes,
      ],
    };
  }
}

function differences({ report }: DistillationContent): string[] {
  const line = (what: string, less: { difference: number; low: number; high: number } | undefined) =>
    less
      ? [
          `${what}: ${signed(less.difference)} points [${signed(less.low)}, ${signed(less.high)}], paired on the same images`,
        ]
      : [];
  return [
    ...line("ROCAUC less the teacher's", report?.lessTeacher),
    ...line("ROCAUC less that of the package's own extractor", report?.lessEmbedded),
  ];
}

function percent(value: number): string {
  return (100 * value).toFixed(2);
}

/** Three digits, and no power of ten. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : "-"}${percent(Math.abs(value))}`;
}

function interval({ interval }: ReportRow): string {
  return interval ? `[${percent(interval[0])}, ${percent(interval[1])}]` : "";
}
