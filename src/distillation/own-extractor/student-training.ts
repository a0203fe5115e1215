import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Aborted } from "../../core/errors.js";
import { LiveDisplay } from "../../core/live-display.js";
import { loadEngine } from "../../engines/index.js";
import { type Extractor, FeatureCache, writeExtractorFile } from "../../extractors/index.js";
import { embedded, loadWeights, type Network, parameterShapes, type Weights } from "../../networks/index.js";
import { distill } from "../distill.js";
import { pixelBlock } from "../prepare-images.js";
import type { TensorFlow } from "../trainable-ops.js";
import type { DistillationContent } from "./content.js";
import type { DistillationImages } from "./images.js";
import { type Agreement, agreementOf, Judge } from "./judge.js";
import { LearningCurve, type LearningCurvePoint } from "./learning-curve.js";
import { makeLesson } from "./lesson.js";
import type { DistillExtractorPlan, settingsFor } from "./options.js";
import type { OutputFiles } from "./output-files.js";
import { makeReport } from "./report.js";
import { featuresOf, type PreparedSet } from "./student-features.js";

/** What the training of an extractor is made of. */
export interface StudentTrainingParts {
  readonly tf: TensorFlow;
  readonly plan: DistillExtractorPlan;
  readonly images: DistillationImages;
  readonly teacher: Extractor;
  readonly files: OutputFiles;
  readonly settings: ReturnType<typeof settingsFor>;
  readonly decisive: Readonly<Record<string, string>>;
  /** What an earlier call wrote that did not finish. */
  readonly earlier?: DistillationContent;
  readonly note: (text: string) => void;
}

/** Epochs after which is measured and the extractor written, at most. */
const measurements = 20;

/** The extractor is written after an epoch when it was not for so long. */
const writeMs = 30_000;

/** The training of an extractor from first question to the teacher to the report. */
export class StudentTraining {
  readonly #parts: StudentTrainingParts;
  readonly #network: Network;
  readonly #epochs: number;
  readonly #points: LearningCurvePoint[] = [];
  #unreadable = 0;
  #writtenAt = performance.now();
  #written: { epoch: number; sha256: string };

  /** @param parts - what it is made of */
  constructor(parts: StudentTrainingParts) {
    const { inputSize } = parts.plan;
    const { epoch = 0, sha256 = "" } = parts.earlier?.extractor ?? {};
    this.#written = { epoch, sha256 };
    this.#parts = parts;
    this.#network = {
      ...embedded,
      preparation: { ...embedded.preparation, resize: inputSize, crop: inputSize },
    };
    this.#epochs = parts.settings.epochs + parts.settings.settlingEpochs;
  }

  /**
   * Trains, or goes on.
   *
   * @returns what was written beside the extractor
   */
  async run(): Promise<DistillationContent> {
    const { tf, plan, images, teacher, files, settings, note } = this.#parts;
    const { signal, k, smoothing } = plan;
    const network = this.#network;
    if (!this.#parts.earlier) await files.write(await this.#content());
    const cache = FeatureCache.from(plan.cache)?.folder ?? files.features;
    const lesson = await makeLesson(teacher, images, network.preparation, plan, cache, note);
    for (const reason of lesson.unreadable) note(`left out: ${reason}`);
    this.#unreadable = lesson.unreadable.length;
    const { bank, heldOut } = lesson;
    if (!bank.images || !heldOut.images) throw new TypeError("the teacher's features need their images");
    const judge = new Judge(bank.images, heldOut.images, { k, signal });
    const level = (await judge.teacher(bank, heldOut)).rocAuc;
    const sets = [bank.images, heldOut.images].map(async (set) => ({
      images: set,
      pixels: await pixelBlock(set, network.preparation, signal),
    }));
    const [bankSet, heldOutSet] = await Promise.all(sets);
    const measure = (weights: Weights) => this.#measure(weights, judge, bankSet, heldOutSet);
    const start = plan.from === "embedded" ? (await loadWeights(embedded)).weights : undefined;
    if (start) this.#points.push({ epoch: 0, measured: await measure(start) });
    const title = `${files.name}, distilled from ${teacher.name}`;
    const live = new LiveDisplay(new LearningCurve(title, this.#epochs, this.#points, level));
    await live.show();
    const isMeasured = (epoch: number) =>
      epoch % Math.ceil(this.#epochs / measurements) === 0 || epoch === 1 || epoch >= settings.epochs;
    try {
      const { weights } = await distill(tf, network, lesson.data, {
        ...settings,
        start,
        checkpoint: files.checkpoint,
        signal,
        onResume: (reports) => {
          for (const report of reports) this.#points.push(pointOf(report));
          note(`going on in epoch ${reports.length + 1} of ${this.#epochs}`);
        },
        measure: async (exported, epoch) => (isMeasured(epoch) ? { ...(await measure(exported)) } : {}),
        onEpoch: async (report, exported) => {
          const point = pointOf(report);
          this.#points.push(point);
          if (point.measured || performance.now() - this.#writtenAt > writeMs) {
            await this.#write(exported(), report.epoch);
          }
          plan.onEpoch?.(point, this.#epochs);
          await live.update();
        },
      });
      await this.#write(weights, this.#epochs);
      await live.show();
    } catch (error) {
      throw error instanceof Aborted ? this.#interrupted() : error;
    }
    const report = await makeReport({
      teacher,
      bank,
      heldOut,
      judge,
      path: files.extractor,
      k,
      smoothing,
      signal,
    });
    const content = { ...(await this.#content()), finished: true, report };
    await files.write(content);
    await files.clean();
    return content;
  }

  async #measure(
    weights: Weights,
    judge: Judge,
    bank: PreparedSet,
    heldOut: PreparedSet,
  ): Promise<Agreement> {
    const { signal } = this.#parts.plan;
    const compiled = await (await loadEngine()).compile(this.#network, weights);
    try {
      const features = (set: PreparedSet) => featuresOf(compiled, set, this.#network.preparation, signal);
      return agreementOf(await judge.judge(await features(bank), await features(heldOut)));
    } finally {
      compiled.dispose();
    }
  }

  async #write(weights: Weights, epoch: number): Promise<void> {
    const { files, teacher, images } = this.#parts;
    await writeExtractorFile(files.extractor, {
      network: embedded,
      weights,
      preparation: this.#network.preparation,
      source: `distilled from ${teacher.name} on ${images.name}, ${epoch} of ${this.#epochs} epochs`,
    });
    const sha256 = createHash("sha256")
      .update(await readFile(files.extractor))
      .digest("hex");
    this.#written = { epoch, sha256 };
    this.#writtenAt = performance.now();
    await files.write(await this.#content());
  }

  async #content(): Promise<DistillationContent> {
    const { files, decisive, plan } = this.#parts;
    const shapes = [...parameterShapes(this.#network).values()];
    const engine = await loadEngine();
    return {
      kind: "dn2 distillation",
      format: 1,
      finished: false,
      decisive,
      extractor: {
        name: files.name,
        network: embedded.name,
        parameters: shapes.reduce((sum, shape) => sum + shape.reduce((product, n) => product * n, 1), 0),
        dimensions: shapes.at(-1)?.[0] ?? 0,
        inputSize: plan.inputSize,
        ...this.#written,
      },
      epochs: this.#epochs,
      unreadable: this.#unreadable,
      curve: this.#points,
      versions: { node: process.versions.node, engine: `${engine.name} ${engine.version}` },
    };
  }

  #interrupted(): Aborted {
    const { epoch } = this.#written;
    const { extractor } = this.#parts.files;
    const usable =
      epoch === 0 ? "" : `; ${extractor} holds what was learned until epoch ${epoch} and can be used`;
    return new Aborted(`interrupted${usable}; the same call goes on where it stopped`);
  }
}

function pointOf({
  epoch,
  loss,
  measured,
}: {
  epoch: number;
  loss: number;
  measured: object;
}): LearningCurvePoint {
  const isEmpty = Object.keys(measured).length === 0;
  return { epoch, loss, ...(isEmpty ? {} : { measured: measured as Agreement }) };
}
