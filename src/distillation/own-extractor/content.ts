import type { RocAucDifference } from "../../metrics/index.js";
import type { Agreement } from "./judge.js";
import type { LearningCurvePoint } from "./learning-curve.js";

/** An extractor in the report of a distillation. */
export interface ReportRow extends Agreement {
  /** Name of the extractor. */
  readonly name: string;
  /** Interval of the mean ROCAUC, at 95 %. */
  readonly interval?: readonly [low: number, high: number];
  /** ROCAUC by class, in the order of the report's classes. */
  readonly perClass: readonly number[];
  /** Images in a second, from decoded images to features; absent where it was not measured. */
  readonly imagesPerSecond?: number;
}

/** What was measured when an extractor was finished. */
export interface DistillationReport {
  /** Training images that stand for the normal ones. */
  readonly bank: number;
  /** Held-out images that were scored. */
  readonly heldOut: number;
  /** Neighbors behind a score. */
  readonly k: number;
  /** Classes that are normal in turn; none where the images have no classes. */
  readonly classes: readonly string[];
  /** The teacher, the new extractor, and the package's own. */
  readonly rows: readonly ReportRow[];
  /** ROCAUC of the new extractor less the teacher's, on the same images; absent where the images have no classes. */
  readonly lessTeacher?: RocAucDifference;
  /** ROCAUC of the new extractor less that of the package's own. */
  readonly lessEmbedded?: RocAucDifference;
  /** Held-out images that equal a training image, and those that nearly do. */
  readonly leaks: { readonly identical: number; readonly nearlyIdentical: number };
  /** What a reader should know, one sentence each. */
  readonly notes: readonly string[];
}

/** What OUTPUT.json tells about a distilled extractor. */
export interface DistillationContent {
  readonly kind: "dn2 distillation";
  /** Version of this form. */
  readonly format: 1;
  /** Whether all epochs are done. */
  readonly finished: boolean;
  /** What decided about the result, by name. */
  readonly decisive: Readonly<Record<string, string>>;
  /** The file; the figures are those of the epoch that it holds. */
  readonly extractor: {
    readonly name: string;
    readonly network: string;
    readonly parameters: number;
    readonly dimensions: number;
    readonly inputSize: number;
    /** Last epoch in the file; 0 where there is none yet. */
    readonly epoch: number;
    /** SHA-256 of the file; "" where there is none yet. */
    readonly sha256: string;
  };
  /** Epochs in all, the settling ones too. */
  readonly epochs: number;
  /** Training images that could not be read. */
  readonly unreadable: number;
  /** How the training went so far. */
  readonly curve: readonly LearningCurvePoint[];
  /** Measured at the end. */
  readonly report?: DistillationReport;
  /** Versions of what computed. */
  readonly versions: { readonly node: string; readonly engine: string };
}
