import { checkOptions, integerIn, oneOf } from "../../core/options.js";
import type { Provenance } from "../../extractors/index.js";
import type { LearningCurvePoint } from "./learning-curve.js";

/** From what a student starts: the weights of the package's own extractor, or chance. */
export type StudentStart = "embedded" | "scratch";

/** How an extractor of your own is distilled. */
export interface DistillExtractorOptions {
  /** Name of the extractor to learn from, or the file of one. @default "resnet101" */
  teacher?: string;
  /** Side of the teacher's input in pixels. @default the teacher's own */
  teacherInputSize?: number;
  /** Layer of the teacher whose pooled output is learned. @default the teacher's own */
  teacherLayer?: string;
  /** File of the teacher's weights. @default the one that is found by its name */
  teacherWeights?: string;
  /** Where to: OUTPUT.safetensors is the extractor, OUTPUT.json tells about it. @default the images' name, "-", the teacher's name */
  output?: string;
  /** Side of the new extractor's input in pixels; time and memory grow with its square. @default 32 */
  inputSize?: number;
  /** How often every image is seen, before two epochs in which the network settles. @default more for fewer images */
  epochs?: number;
  /** Images in a batch of the training. @default more for more images, 32 to 128 */
  batchSize?: number;
  /** Seed of all chance. @default 0 */
  seed?: number;
  /** From what the new extractor starts. @default "embedded" */
  from?: StudentStart;
  /** Whether an image and its mirror picture are to have the same features; not where left and right matter. @default true */
  mirror?: boolean;
  /**
   * Nearest other images whose mean makes up half of what is learned for an image, 0 for none: what an image has in common with its
   * like counts more than what is its own. @default 5
   */
  smoothing?: number;
  /** Most held-out images that are measured on, against at most twice as many training images. @default 1000 */
  reportImages?: number;
  /** Neighbors behind the scores of the report. @default 2 */
  k?: number;
  /**
   * Where the teacher's features are kept and found again, as `Extractor.extract` does: true for the usual folder, or a folder; false:
   * beside the output until the training has ended. @default true
   */
  cache?: boolean | string;
  /** Receives what a user should know, one sentence each. @default printed on standard error */
  onNote?: (note: string) => void;
  /** Receives every epoch as it is finished, and how many there are; a notebook shows the curve by itself. */
  onEpoch?: (point: LearningCurvePoint, epochs: number) => void;
  /** Stops; what was done is kept, and the same call goes on. */
  signal?: AbortSignal;
}

const defaults = {
  teacher: "resnet101",
  inputSize: 32,
  seed: 0,
  from: "embedded" as StudentStart,
  mirror: true,
  smoothing: 5,
  cache: true as boolean | string,
  reportImages: 1000,
  k: 2,
};

const others = [
  ..."teacherInputSize teacherLayer teacherWeights output epochs batchSize onNote onEpoch signal".split(" "),
];

/** The options with their defaults, but those that depend on the images. */
export type DistillExtractorPlan = DistillExtractorOptions & typeof defaults;

/**
 * @param options - options of `distillExtractor`
 * @returns them with the defaults filled in
 * @throws TypeError when an option is unknown or of a wrong kind, RangeError when a value is impossible
 */
export function planOf(options: DistillExtractorOptions): DistillExtractorPlan {
  checkOptions("distillExtractor", options, [...Object.keys(defaults), ...others]);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const plan: DistillExtractorPlan = { ...defaults, ...Object.fromEntries(given) };
  integerIn("inputSize", plan.inputSize, 16, 512, "pixels");
  integerIn("seed", plan.seed, 0, Number.MAX_SAFE_INTEGER);
  integerIn("reportImages", plan.reportImages, 10, 1_000_000);
  integerIn("k", plan.k, 1, 1000);
  integerIn("smoothing", plan.smoothing, 0, 15, "nearest images");
  oneOf("start", plan.from, ["embedded", "scratch"]);
  if (typeof plan.mirror !== "boolean")
    throw new TypeError(`mirror must be true or false; got ${plan.mirror}`);
  if (typeof plan.cache !== "boolean" && typeof plan.cache !== "string")
    throw new TypeError(`cache must be true, false or a folder; got ${plan.cache}`);
  if (plan.epochs !== undefined) integerIn("epochs", plan.epochs, 1, 100_000);
  if (plan.batchSize !== undefined) integerIn("batchSize", plan.batchSize, 2, 4096);
  return plan;
}

/** Views of images in a training whose number of epochs is not given: about three minutes on two cores. */
const usualViews = 30_000;

/**
 * How a student is trained on a number of images.
 *
 * @param plan - what was asked for
 * @param count - number of training images
 * @returns settings of `distill`
 */
export function settingsFor(plan: DistillExtractorPlan, count: number) {
  const { seed, inputSize, from, mirror } = plan;
  return {
    seed,
    epochs: plan.epochs ?? Math.min(30, Math.max(5, Math.round(usualViews / count))),
    batchSize: plan.batchSize ?? (count < 1000 ? 32 : count < 5000 ? 64 : 128),
    peakRate: from === "embedded" ? 0.002 : 0.004,
    shift: Math.round(inputSize / 8),
    mirrorShare: mirror ? 0.5 : 0,
    largerInputs: [],
    settlingEpochs: 2,
    settlingInputs: [],
    statisticsImages: 2048,
  };
}

/** What decides about the result; a training is gone on from only where all of it is the same. */
export function decisiveParts(
  plan: DistillExtractorPlan,
  settings: ReturnType<typeof settingsFor>,
  teacher: Provenance,
  images: {
    readonly name: string;
    readonly contentHash: string;
    readonly train: number;
    readonly heldOut: number;
  },
): Readonly<Record<string, string>> {
  const { extractor, layer, weightsHash, preparation } = teacher;
  return {
    images: `${images.name} (${images.train} to train, ${images.heldOut} held out)`,
    "content of the images": images.contentHash,
    teacher: extractor,
    "layer of the teacher": layer ?? "its own",
    "weights of the teacher": weightsHash ?? "none",
    "preparation of the teacher": preparation ?? "none",
    "input size": String(plan.inputSize),
    epochs: String(settings.epochs),
    "batch size": String(settings.batchSize),
    seed: String(plan.seed),
    start: plan.from,
    mirror: String(plan.mirror),
    ...(plan.smoothing > 0 && { smoothing: String(plan.smoothing) }),
    "report images": String(plan.reportImages),
    k: String(plan.k),
  };
}
