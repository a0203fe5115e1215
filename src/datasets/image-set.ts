import { Displayable } from "../core/display.js";
import type { Image, ImageSource, Mask } from "../core/image.js";
import { integerIn, oneOf } from "../core/options.js";
import { concatBackings } from "./concat.js";

/** What an image set is a view of: the images of a file, a folder or a generator, reached one by one. */
export interface ImageBacking {
  /** Names of the classes; labels are positions in this list. */
  readonly classNames: readonly string[];
  /** Class of each image, -1 = unlabelled; its length is the number of images. */
  readonly labels: ArrayLike<number>;
  /**
   * @param i - position of an image
   * @returns its name, unique within the backing
   */
  id(i: number): string;
  /**
   * @param i - position of an image
   * @returns its pixels, or the file that holds them
   */
  source(i: number): ImageSource;
  /**
   * @param i - position of an image
   * @returns where its anomaly lies; undefined, like the absent method, where that is not known
   */
  mask?(i: number): Mask | undefined;
}

/** One class or several, each by name or by position in `classNames`. */
export type ClassChoice = string | number | readonly (string | number)[];

/** Images with names and classes: an immutable view, so that subsets cost little and pixels are read only when needed. */
export class ImageSet extends Displayable {
  /** Name for titles and messages, for example "cifar10 train". */
  readonly name: string;
  /** Number of images. */
  readonly length: number;
  /** Class of each image as a position in `classNames`, -1 = unlabelled; Int32Array of `length`. */
  readonly labels: Int32Array;
  readonly #backing: ImageBacking;
  readonly #indices: Int32Array | undefined;
  #ids: readonly string[] | undefined;

  /**
   * @param name - name for titles and messages
   * @param backing - the images
   * @param indices - which images of the backing are in the set, in order; default all
   * @throws RangeError when a label is no class, or an image is named twice or does not exist
   */
  constructor(name: string, backing: ImageBacking, indices?: ArrayLike<number>) {
    super();
    const { labels, classNames } = backing;
    this.name = name;
    this.#backing = backing;
    this.#indices = indices && checkedIndices(indices, labels.length);
    this.length = this.#indices?.length ?? labels.length;
    this.labels = this.#indices ? this.#indices.map((i) => labels[i]) : Int32Array.from(labels);
    const wrong = this.labels.findIndex((label) => label < -1 || label >= classNames.length);
    if (wrong >= 0) {
      const known = `-1 (unlabelled) or one of ${classNames.length} classes`;
      throw new RangeError(`label of image ${wrong} of ${name} must be ${known}; got ${this.labels[wrong]}`);
    }
  }

  /**
   * Makes a set of images that are in memory.
   *
   * @param name - name for titles and messages
   * @param images - the images
   * @param options - `ids`, default the positions as text; `labels` with `classNames`, default unlabelled
   * @returns the set
   */
  static fromImages(
    name: string,
    images: readonly Image[],
    options: { ids?: readonly string[]; labels?: ArrayLike<number>; classNames?: readonly string[] } = {},
  ): ImageSet {
    const { ids, classNames = [], labels = new Int32Array(images.length).fill(-1) } = options;
    if (labels.length !== images.length || (ids && ids.length !== images.length)) {
      throw new RangeError(`labels and ids must be one for each of ${images.length} images`);
    }
    if (new Set(ids).size !== (ids?.length ?? 0))
      throw new RangeError(`ids of ${name} must all be different`);
    return new ImageSet(name, {
      classNames,
      labels,
      id: (i) => ids?.[i] ?? String(i),
      source: (i) => ({ kind: "pixels", image: images[i] }),
    });
  }

  /**
   * Joins sets; classes of the same name become one.
   *
   * @param name - name of the new set
   * @param sets - the sets, in order; no id may occur twice
   * @returns all their images
   * @throws RangeError naming an id that occurs twice
   */
  static concat(name: string, sets: readonly ImageSet[]): ImageSet {
    return new ImageSet(name, concatBackings(sets));
  }

  /** Names of all classes of the data set the images come from, whether or not they occur in this view. */
  get classNames(): readonly string[] {
    return this.#backing.classNames;
  }

  /** Names of the images, each different: "test_batch.bin#17", "cats/12.png". */
  get ids(): readonly string[] {
    this.#ids ??= Array.from(this.labels, (_, i) => this.#backing.id(this.#indices ? this.#indices[i] : i));
    return this.#ids;
  }

  /**
   * @param i - position of an image, from 0 to length - 1
   * @returns its pixels, or the file that holds them
   * @throws RangeError when there is no such image
   */
  source(i: number): ImageSource {
    integerIn(`image of ${this.name}`, i, 0, this.length - 1);
    return this.#backing.source(this.#indices ? this.#indices[i] : i);
  }

  /**
   * @param i - position of an image, from 0 to length - 1
   * @returns where its anomaly lies, all 0 for a normal image; undefined where the data set does not say
   * @throws RangeError when there is no such image
   */
  mask(i: number): Mask | undefined {
    integerIn(`image of ${this.name}`, i, 0, this.length - 1);
    return this.#backing.mask?.(this.#indices ? this.#indices[i] : i);
  }

  /**
   * @param indices - positions in this set, each at most once
   * @param name - name of the subset, default this set's name
   * @returns these images in this order
   * @throws RangeError when a position does not exist or comes twice
   */
  subset(indices: ArrayLike<number>, name: string = this.name): ImageSet {
    const checked = checkedIndices(indices, this.length);
    return new ImageSet(name, this.#backing, this.#indices ? checked.map((i) => this.#indices![i]) : checked);
  }

  /**
   * @param choice - one class or several
   * @returns the images of these classes, in order
   * @throws RangeError listing the valid names when one is unknown
   */
  ofClass(choice: ClassChoice): ImageSet {
    const wanted = this.#classMask(choice);
    const names = this.classNames.filter((_, c) => wanted[c]).join(", ");
    return this.#filter((label) => label >= 0 && wanted[label] === 1, `${this.name}: ${names}`);
  }

  /**
   * @param n - number of images
   * @returns the first n images, or all when there are fewer
   */
  first(n: number): ImageSet {
    integerIn("number of first images", n, 0, Number.MAX_SAFE_INTEGER);
    return n >= this.length ? this : this.subset(Int32Array.from({ length: n }, (_, i) => i));
  }

  /**
   * @param n - number of images of each class; unlabelled images count as one more class
   * @returns the first n images of each class, in their order in this set
   */
  firstOfEachClass(n: number): ImageSet {
    integerIn("number of first images of each class", n, 0, Number.MAX_SAFE_INTEGER);
    const seen = new Int32Array(this.classNames.length + 1);
    return this.#filter((label) => seen[label + 1]++ < n, this.name);
  }

  /** @returns number of images of each class, in the order of `classNames` */
  classCounts(): Int32Array {
    const counts = new Int32Array(this.classNames.length);
    for (const label of this.labels) if (label >= 0) counts[label]++;
    return counts;
  }

  /**
   * The ground truth for an evaluation.
   *
   * @param normal - the class or classes that are normal
   * @returns for each image 1 where its class is not a normal one, else 0
   * @throws RangeError when a class is unknown or an image has no class
   */
  isAnomaly(normal: ClassChoice): Uint8Array {
    const wanted = this.#classMask(normal);
    const unlabelled = this.labels.indexOf(-1);
    if (unlabelled >= 0) {
      throw new RangeError(
        `an evaluation needs the class of every image; ${this.ids[unlabelled]} of ${this.name} has none`,
      );
    }
    return Uint8Array.from(this.labels, (label) => 1 - wanted[label]);
  }

  toString(): string {
    const counts = this.classCounts();
    const present = this.classNames.filter((_, c) => counts[c] > 0);
    const names = present.slice(0, 3).join(", ") + (present.length > 3 ? ", …" : "");
    const classes = present.length === 1 ? `class ${names}` : `${present.length} classes (${names})`;
    const images = `${this.length} image${this.length === 1 ? "" : "s"}`;
    return `${this.name}: ${images}, ${present.length === 0 ? "unlabelled" : classes}`;
  }

  #filter(keep: (label: number) => boolean, name: string): ImageSet {
    const kept: number[] = [];
    for (let i = 0; i < this.length; i++) if (keep(this.labels[i])) kept.push(i);
    return this.subset(kept, name);
  }

  #classMask(choice: ClassChoice): Uint8Array {
    const mask = new Uint8Array(this.classNames.length);
    for (const one of typeof choice === "object" ? choice : [choice]) {
      const name = typeof one === "number" ? (this.classNames[one] ?? String(one)) : one;
      mask[this.classNames.indexOf(oneOf(`class of ${this.name}`, name, this.classNames))] = 1;
    }
    return mask;
  }
}

function checkedIndices(indices: ArrayLike<number>, length: number): Int32Array {
  const seen = new Uint8Array(length);
  return Int32Array.from(indices, (index) => {
    integerIn("position in an image set", index, 0, length - 1);
    if (seen[index]++) throw new RangeError(`positions must all be different; got ${index} twice`);
    return index;
  });
}
