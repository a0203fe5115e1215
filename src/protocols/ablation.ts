import { oneOf } from "../core/options.js";
import type { Features } from "../extractors/features.js";
import { chosenLayers, extractorNames, findExtractorFile } from "../extractors/index.js";
import { networkNamed, networkNames } from "../networks/index.js";
import { classTables } from "./class-tables.js";
import { type CurvePoint, type CurveResult, PointCollector } from "./curves.js";
import { type ProtocolOptions, protocolInputs } from "./inputs.js";
import { beyondPublished, normalizationOf } from "./normalization.js";

/** What an ablation can vary. */
export const ablationSubjects = ["extractor", "layer", "inputSize", "normalize", "distance"] as const;

/** What an ablation varies. */
export type AblationSubject = (typeof ablationSubjects)[number];

/** Options that only an ablation has. */
export interface AblationOptions {
  /** What to vary. */
  readonly vary?: AblationSubject;
  /**
   * The values to take in turn: names of extractors ("a+b" combines the scores of several) or layers ("a+b" concatenates them),
   * input sizes, what is done to features (false or raw, true or L2, whitened), or kinds of distance.
   */
  readonly values?: readonly (string | number | boolean)[];
}

/** Names of these options. */
export const ablationOptionNames: readonly (keyof AblationOptions)[] = ["vary", "values"];

/** One value of an ablation as options of a run. */
export interface Variant {
  /** The value, for the axis. */
  readonly label: string;
  /** Options that it sets. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Extractors whose scores are combined, where there are several. */
  readonly members?: readonly string[];
}

/**
 * @param options - what to vary and the values; the extractor whose layers they are
 * @returns one variant a value
 * @throws RangeError when there is no value, one is of the wrong kind, or names no extractor or layer
 */
export function ablationVariants({
  vary,
  values,
  extractor,
}: AblationOptions & { readonly extractor?: string }): Variant[] {
  const subject = oneOf("subject of an ablation (vary)", String(vary), ablationSubjects);
  const usual = { normalize: [false, true], distance: ["squared", "euclidean"] } as const;
  const taken = values ?? (subject === "normalize" || subject === "distance" ? usual[subject] : []);
  if (taken.length === 0) {
    throw new RangeError(
      `an ablation over ${subject} needs the values to take in turn; give values, for example ${example(subject)}`,
    );
  }
  return taken.map((value) => {
    const label = String(value);
    const members = subject === "extractor" ? membersOf(label) : [label];
    for (const member of members) checkExtraction(subject, member, extractor);
    return members.length === 1
      ? { label, options: { [subject]: parsed(subject, value) } }
      : { label, options: { extractor: members[0] }, members };
  });
}

/**
 * One point of an ablation: the unimodal experiment on features that were made one way.
 *
 * @param train - features of the training images, with their images
 * @param test - features of the test images, with their images
 * @param label - the value that was taken
 * @param options - k, distance, normalisation, classes
 * @returns mean ROCAUC with interval
 * @throws RangeError when k exceeds a class's training images, or ROCAUC is undefined
 * @throws Aborted when interrupted
 */
export async function ablationPoint(
  train: Features,
  test: Features,
  label: string,
  options: ProtocolOptions,
): Promise<{ point: CurvePoint; classes: readonly string[] }> {
  const inputs = protocolInputs("ablation", train, test, options);
  const collector = new PointCollector();
  for (const { table, isAnomaly } of await classTables(inputs, inputs.k)) {
    const { values } = table.scores(inputs.k, inputs.scoring);
    collector.add(0, values, isAnomaly, inputs.testImages.labels);
  }
  return { point: collector.point(label), classes: inputs.classes.map(({ name }) => name) };
}

/**
 * @param vary - what was varied
 * @param points - the points
 * @param classes - names of the classes
 * @returns the outcome of an ablation
 */
export function ablationResult(
  vary: AblationSubject,
  points: readonly CurvePoint[],
  classes: readonly string[],
): CurveResult {
  const xLabel = vary === "inputSize" ? "input size, pixels" : vary;
  const definitions = points.flatMap(({ x }) => beyond(vary, String(x)));
  return { xLabel, classes, repeats: 1, curves: [{ name: "DN2", points }], definitions };
}

/** Says of values that are not the published method what they are. */
function beyond(vary: AblationSubject, value: string): string[] {
  if (vary === "layer") return beyondPublished(value, { layer: value });
  if (vary === "normalize")
    return beyondPublished(value, { normalization: normalizationOf(parsed(vary, value) as string) });
  return vary === "extractor" && membersOf(value).length > 1
    ? [
        `${value} is beyond the published method: mean of each extractor's score, standardized by leave-one-out scores of its normal images`,
      ]
    : [];
}

/** The extractors that "a+b" names; a file of an own extractor may have a plus in its path. */
function membersOf(value: string): string[] {
  return findExtractorFile(value) === undefined ? value.split("+") : [value];
}

/** Refuses the last value before the first one's features are extracted, which takes long. */
function checkExtraction(subject: AblationSubject, value: string, extractor: string | undefined): void {
  if (subject === "extractor" && findExtractorFile(value) === undefined) {
    oneOf("extractor", value, extractorNames());
  }
  if (subject === "layer" && extractor !== undefined && networkNames().includes(extractor)) {
    chosenLayers(networkNamed(extractor), value);
  }
}

function parsed(subject: AblationSubject, value: string | number | boolean): unknown {
  if (subject === "inputSize") {
    const size = Number(value);
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`input sizes must be whole numbers of pixels; got ${value}`);
    }
    return size;
  }
  if (subject === "normalize") {
    if (value === "false" || value === "true") return value === "true";
    return typeof value === "boolean" ? value : normalizationOf(String(value));
  }
  if (subject === "distance") return oneOf("distance", String(value), ["squared", "euclidean"]);
  return String(value);
}

function example(subject: AblationSubject): string {
  if (subject === "inputSize") return "32, 64, 128";
  return subject === "layer" ? "names of layers of the network" : "embedded, pixels";
}
