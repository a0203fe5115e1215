import type { ImageSet } from "../../datasets/image-set.js";
import { plainLine } from "../../plots/label.js";
import type { Tile } from "../explorer-model.js";
import { jsonBytes } from "./json-bytes.js";

/** What is known of the images of an explorer. */
export interface ImageNames {
  /** Names of the classes. */
  readonly classNames: readonly string[];
  /** Class of each test image, -1 = unlabelled; absent where no images were given. */
  readonly test?: Int32Array;
  /** Class of each training image. */
  readonly train?: Int32Array;
  /** Name of each test image. */
  readonly testIds?: readonly string[];
  /** Name of each training image, where some have no class. */
  readonly trainIds?: readonly string[];
}

/** Images that go with a table. */
export interface ImageOptions {
  /** The test images, in the order of the scores: gives the pictures and classes in galleries. */
  readonly test?: ImageSet;
  /** The training images, in the order of the features that were searched. */
  readonly train?: ImageSet;
}

/**
 * @param owner - name of the function, for messages
 * @param options - image sets
 * @param testIds - ids of the test images, in order
 * @param trainIds - ids of the training images, in order
 * @returns names and classes
 * @throws RangeError when an image set has another number of images or holds them in another order
 */
export function imageNames(
  owner: string,
  { test, train }: ImageOptions,
  testIds: readonly string[],
  trainIds: readonly string[],
): ImageNames {
  if (test) requireOrder(`${owner}: test`, test.ids, testIds, "scores");
  if (train) requireOrder(`${owner}: train`, train.ids, trainIds, "training features");
  const classNames = [...(test?.classNames ?? [])];
  const places = train?.classNames.map((name) => {
    const known = classNames.indexOf(name);
    return known >= 0 ? known : classNames.push(name) - 1;
  });
  return {
    classNames,
    ...(test ? { test: test.labels.slice(), testIds: test.ids } : {}),
    ...(train && places ? { train: train.labels.map((label) => (label < 0 ? -1 : places[label])) } : {}),
    ...(train?.labels.some((label) => label < 0) ? { trainIds: train.ids } : {}),
  };
}

/** Ids may differ where features came from elsewhere; those that are in both must be at the same places. */
function requireOrder(what: string, found: readonly string[], ids: readonly string[], of: string): void {
  if (found.length !== ids.length) {
    throw new RangeError(
      `${what} must have one image for each of the ${ids.length} ${of}, in their order; got ${found.length}`,
    );
  }
  const wrong = found.findIndex((id, i) => id !== ids[i]);
  if (wrong >= 0 && new Set(ids).has(found[wrong])) {
    throw new RangeError(
      `${what} must have the images in the order of the ${of}; image ${wrong} is ${found[wrong]}, not ${ids[wrong]}`,
    );
  }
}

/**
 * What is known of images, for a small page: their names only where these take at most an eighth of it.
 *
 * @param names - what is known
 * @param maxBytes - bytes of JSON that the page may take
 * @returns names that fit
 */
export function affordableNames(names: ImageNames, maxBytes: number): ImageNames {
  const { testIds, trainIds, ...rest } = names;
  return 8 * jsonBytes([testIds ?? [], trainIds ?? []]) <= maxBytes ? names : rest;
}

const longestName = 22;
const longestFileName = 14;

/**
 * @param names - what is known
 * @param set - which images
 * @param index - position of an image
 * @returns its class on a short line; where it has none its file's name, shortened in the middle; its position where neither is known
 */
export function shortName(names: ImageNames, set: Tile["set"], index: number): string {
  const name = names.classNames[names[set]?.[index] ?? -1];
  if (name === undefined) return shortFileName(knownName(names, set, index)) || `#${index}`;
  const characters = Array.from(plainLine(name));
  return characters.length > longestName
    ? `${characters.slice(0, longestName - 1).join("")}…`
    : characters.join("");
}

/**
 * @param names - what is known
 * @param set - which images
 * @param index - position of an image
 * @returns what it is called, in full
 */
export function fullName(names: ImageNames, set: Tile["set"], index: number): string {
  return knownName(names, set, index) || `${set === "test" ? "test" : "training"} image ${index}`;
}

/**
 * @param names - what is known
 * @param set - which images
 * @param index - position of an image
 * @returns the part of a tile that says what the image is called, where that is known
 */
export function tileName(names: ImageNames, set: Tile["set"], index: number): Pick<Tile, "name"> {
  const name = knownName(names, set, index);
  return name ? { name } : {};
}

function knownName({ testIds, trainIds }: ImageNames, set: Tile["set"], index: number): string {
  return plainLine((set === "test" ? testIds : trainIds)?.[index] ?? "");
}

function shortFileName(id: string): string {
  const characters = Array.from(id.slice(id.lastIndexOf("/") + 1).trim());
  if (characters.length <= longestFileName) return characters.join("");
  const half = longestFileName / 2;
  return `${characters.slice(0, half - 1).join("")}…${characters.slice(-half).join("")}`;
}
