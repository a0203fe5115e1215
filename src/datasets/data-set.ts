import { Displayable } from "../core/display.js";
import { checkOptions, integerIn } from "../core/options.js";
import type { ClassChoice, ImageSet } from "./image-set.js";

/** What a data set consists of. */
export interface DataSetParts {
  /** Name for titles and records: "cifar10", or the folder's name. */
  readonly name: string;
  /** The training images; for anomaly detection normally of one class or a few. */
  readonly train: ImageSet;
  /** The test images, of normal and other classes. */
  readonly test: ImageSet;
  /** What the images' publisher allows. */
  readonly licence: string;
  /** What to cite when the images are used. */
  readonly citation: string;
  /** What a reader of results should know: what was left out, what differs from the original. */
  readonly notes: readonly string[];
  /** Computes the sha256 of the content. */
  readonly hash: () => Promise<string>;
}

/** Training and test images with the same list of classes. */
export class DataSet extends Displayable implements Omit<DataSetParts, "hash"> {
  readonly name: string;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly licence: string;
  readonly citation: string;
  readonly notes: readonly string[];
  readonly #hash: () => Promise<string>;
  #contentHash: Promise<string> | undefined;

  /** @param parts - what the data set consists of */
  constructor(parts: DataSetParts) {
    super();
    this.name = parts.name;
    this.train = parts.train;
    this.test = parts.test;
    this.licence = parts.licence;
    this.citation = parts.citation;
    this.notes = parts.notes;
    this.#hash = parts.hash;
  }

  /** Names of all classes. */
  get classNames(): readonly string[] {
    return this.train.classNames;
  }

  /** Names of the classes with training images; the others occur in the test images only. */
  get normalClasses(): readonly string[] {
    const counts = this.train.classCounts();
    return this.classNames.filter((_, c) => counts[c] > 0);
  }

  /**
   * The ground truth of the test images.
   *
   * @param normal - the class or classes that are normal, default all with training images
   * @returns for each test image 1 where its class is not a normal one, else 0
   */
  isAnomaly(normal: ClassChoice = this.normalClasses): Uint8Array {
    return this.test.isAnomaly(normal);
  }

  /**
   * The sha256 of the original files, computed at the first call: of the archive where there is one, else of a
   * listing of the files by path, size and sha256.
   *
   * @returns 64 hexadecimal digits; the same for every limit on the number of images
   */
  contentHash(): Promise<string> {
    this.#contentHash ??= this.#hash().catch((error: unknown) => {
      this.#contentHash = undefined;
      throw error;
    });
    return this.#contentHash;
  }

  /**
   * @param limits - `train` and `test`: how many images of each class to keep, the first in file order; default all
   * @returns a smaller data set
   */
  limited(limits: { train?: number; test?: number }): DataSet {
    checkOptions("limited", limits, ["train", "test"]);
    const cut = (set: ImageSet, limit: number | undefined, what: string) =>
      limit === undefined
        ? set
        : set.firstOfEachClass(integerIn(`limit of ${what} images`, limit, 1, Number.MAX_SAFE_INTEGER));
    return new DataSet({
      ...this.#parts(),
      train: cut(this.train, limits.train, "training"),
      test: cut(this.test, limits.test, "test"),
    });
  }

  toString(): string {
    const count = this.classNames.length;
    const normal = this.normalClasses.length;
    const classes = `${count} class${count === 1 ? "" : "es"}`;
    const trained = normal === count ? "" : `, ${normal} of them with training images`;
    return `${this.name}: ${this.train.length} training and ${this.test.length} test images, ${classes}${trained}`;
  }

  #parts(): DataSetParts {
    const { name, train, test, licence, citation, notes } = this;
    return { name, train, test, licence, citation, notes, hash: () => this.contentHash() };
  }
}
