import type { ImageSet } from "../../datasets/index.js";
import type { Features } from "../../extractors/index.js";
import { MeanRocAuc } from "../../metrics/index.js";
import { NeighborIndex, type NeighborTable } from "../../neighbors/index.js";
import { rankCorrelation } from "../../scoring/stability.js";

/** How far an extractor agrees with its teacher on held-out images, and how well it finds anomalies. */
export interface Agreement {
  /** Mean share of the nearest training images by what is taught that are among the extractor's nearest, in [0, 1]. */
  readonly neighborOverlap: number;
  /** Spearman's correlation of the scores against all training images with those by what is taught, in [-1, 1]. */
  readonly rankCorrelation: number;
  /** Mean ROCAUC over the classes, each in turn normal; absent where the images have no classes. */
  readonly rocAuc?: number;
}

/** An agreement with the means behind its ROCAUC. */
export interface Judged extends Agreement {
  /** To be compared with another's; absent where the images have no classes. */
  readonly mean?: MeanRocAuc;
  /** ROCAUC by class, in the order of the judge's. */
  readonly perClass: readonly number[];
}

/** Neighbors whose overlap is measured. */
export const overlapNeighbors = 10;

/** Compares extractors with their teacher on the same images; classes are looked at here and nowhere else. */
export class Judge {
  readonly #bankImages: ImageSet;
  readonly #heldOutImages: ImageSet;
  readonly #k: number;
  readonly #signal: AbortSignal | undefined;
  #taught: { near: Set<number>[]; scores: ArrayLike<number> } | undefined;
  /** Classes that are normal in turn; none where no ROCAUC can be measured. */
  readonly classes: readonly string[];
  /** Why there is no ROCAUC, one sentence; undefined where there is. */
  readonly withoutRocAuc: string | undefined;

  /**
   * @param bank - training images that stand for the normal ones
   * @param heldOut - images that are scored
   * @param options - neighbors behind a score, abort signal
   */
  constructor(bank: ImageSet, heldOut: ImageSet, { k, signal }: { k: number; signal?: AbortSignal }) {
    this.#bankImages = bank;
    this.#heldOutImages = heldOut;
    this.#k = k;
    this.#signal = signal;
    const unlabelled = heldOut.labels.includes(-1);
    const trained = bank.classCounts();
    const held = heldOut.classCounts();
    this.classes = unlabelled
      ? []
      : bank.classNames.filter((_, c) => trained[c] >= k && held[c] >= 2 && heldOut.length - held[c] >= 2);
    this.withoutRocAuc =
      this.classes.length > 0
        ? undefined
        : unlabelled
          ? "no ROCAUC is measured, since held-out images have no class: put the images into one subfolder a class"
          : "no ROCAUC is measured, since no class has two held-out images of its own and two of others";
  }

  /**
   * Judges the teacher, with which the others will be compared: with its features scaled to unit length, which are what is taught.
   *
   * @param bank - features of the training images
   * @param heldOut - features of the held-out images
   * @returns what was found; the teacher agrees with itself
   */
  async teacher(bank: Features, heldOut: Features): Promise<Judged> {
    const table = await this.#search(bank.normalized(), heldOut.normalized());
    this.#taught = { near: nearest(table), scores: table.scores(Math.min(this.#k, table.kMax)).values };
    return { neighborOverlap: 1, rankCorrelation: 1, ...(await this.#rocAuc(bank, heldOut)) };
  }

  /**
   * Judges an extractor.
   *
   * @param bank - features of the training images
   * @param heldOut - features of the held-out images
   * @returns what was found
   * @throws TypeError when the teacher was not judged before
   */
  async judge(bank: Features, heldOut: Features): Promise<Judged> {
    const taught = this.#taught;
    if (!taught) throw new TypeError("the teacher must be judged first");
    const table = await this.#search(bank, heldOut);
    const { values: scores } = table.scores(Math.min(this.#k, table.kMax));
    const shares = nearest(table).map((near, i) => {
      const theirs = taught.near[i];
      return [...theirs].filter((index) => near.has(index)).length / theirs.size;
    });
    const neighborOverlap = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const agreement = { neighborOverlap, rankCorrelation: rankCorrelation(scores, taught.scores) };
    return { ...agreement, ...(await this.#rocAuc(bank, heldOut)) };
  }

  #search(bank: Features, heldOut: Features): Promise<NeighborTable> {
    const kMax = Math.min(bank.n, Math.max(overlapNeighbors, this.#k));
    return new NeighborIndex(bank).search(heldOut, kMax, { signal: this.#signal });
  }

  async #rocAuc(bank: Features, heldOut: Features): Promise<Pick<Judged, "rocAuc" | "mean" | "perClass">> {
    if (this.classes.length === 0) return { perClass: [] };
    const mean = new MeanRocAuc(this.#heldOutImages.labels);
    const perClass: number[] = [];
    for (const name of this.classes) {
      const label = this.#bankImages.classNames.indexOf(name);
      const rows = Array.from(this.#bankImages.labels.keys()).filter(
        (i) => this.#bankImages.labels[i] === label,
      );
      const own = new NeighborIndex(bank.subset(rows));
      const found = await own.search(heldOut, this.#k, { signal: this.#signal });
      perClass.push(mean.add(found.scores(this.#k).values, this.#heldOutImages.isAnomaly(name)));
    }
    return { rocAuc: mean.mean, mean, perClass };
  }
}

function nearest({ n, kMax, indices }: NeighborTable): Set<number>[] {
  const kept = Math.min(kMax, overlapNeighbors);
  return Array.from({ length: n }, (_, i) => new Set(indices.subarray(i * kMax, i * kMax + kept)));
}

/**
 * @param judged - with the means
 * @returns the part that is kept in a curve
 */
export function agreementOf({ neighborOverlap, rankCorrelation, rocAuc }: Judged): Agreement {
  const round = (value: number) => Number(value.toFixed(6));
  const agreement = { neighborOverlap: round(neighborOverlap), rankCorrelation: round(rankCorrelation) };
  return rocAuc === undefined ? agreement : { ...agreement, rocAuc: round(rocAuc) };
}
