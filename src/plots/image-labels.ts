import { oneOf } from "../core/options.js";
import type { ImageSet } from "../datasets/image-set.js";
import type { AnomalyLabels } from "../metrics/labelled-scores.js";
import { formatNumber } from "./number-format.js";
import { finiteScores, type ScoreInput, truthOf } from "./score-input.js";
import type { CaptionLine, TileKind } from "./tiles.js";

/** What can stand below an image. */
export type CaptionPart = "class" | "score" | "id";

/** What is known of the images of a set. */
export class ImageLabels {
  readonly images: ImageSet;
  /** One score an image, where known. */
  readonly scores: readonly number[] | undefined;
  /** For each image whether it is an anomaly, where known. */
  readonly truth: readonly boolean[] | undefined;

  /**
   * @param owner - name of the function, for messages
   * @param images - the images
   * @param known - scores and ground truth of the images, in their order
   * @throws RangeError when scores or truth are not one an image, or a score is not finite
   */
  constructor(owner: string, images: ImageSet, known: { scores?: ScoreInput; isAnomaly?: AnomalyLabels }) {
    this.images = images;
    this.scores = known.scores && finiteScores(owner, known.scores);
    if (this.scores && this.scores.length !== images.length) {
      throw new RangeError(
        `${owner} needs one score an image; got ${this.scores.length} scores and ${images.length} images`,
      );
    }
    this.truth = known.isAnomaly && truthOf(images.length, known.isAnomaly);
  }

  /** @returns positions of all images, most anomalous first, equal scores in order of position */
  ranked(): number[] {
    const scores = this.scores ?? [];
    return Array.from({ length: this.images.length }, (_, i) => i).sort(
      (a, b) => scores[b] - scores[a] || a - b,
    );
  }

  /**
   * @param i - position of an image
   * @returns its kind
   */
  kind(i: number): TileKind {
    return this.truth ? (this.truth[i] ? "anomaly" : "normal") : "unlabelled";
  }

  /**
   * @param i - position of an image
   * @param parts - what to write
   * @returns one line for each part that is known
   */
  caption(i: number, parts: readonly CaptionPart[] = ["class", "score"]): CaptionLine[] {
    return parts.flatMap((part) => {
      const text = this.#text(oneOf("caption", part, ["class", "score", "id"]), i);
      return text === undefined ? [] : [{ text, keep: part === "id" ? "end" : "start" }];
    });
  }

  /**
   * @param i - position of an image
   * @returns all that is known, one line each
   */
  hover(i: number): string[] {
    const { images, scores, truth } = this;
    const lines = [images.ids[i]];
    if (images.labels[i] >= 0) lines.push(`class ${images.classNames[images.labels[i]]}`);
    if (truth) lines.push(truth[i] ? "an anomaly" : "normal");
    if (scores) lines.push(`score ${formatNumber(scores[i], 4)}`);
    return lines;
  }

  #text(part: CaptionPart, i: number): string | undefined {
    if (part === "id") return this.images.ids[i];
    if (part === "class") return this.images.classNames[this.images.labels[i]];
    return this.scores && formatNumber(this.scores[i]);
  }
}
