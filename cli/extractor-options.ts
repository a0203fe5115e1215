import { didYouMean } from "../src/core/closest-name.js";
import { messageOf } from "../src/core/errors.js";
import { isFile } from "../src/core/what-is-there.js";
import { type DeviceName, deviceNames, type EngineName, engineNames } from "../src/engines/index.js";
import { chosenLayers, extractorNames, findExtractorFile } from "../src/extractors/index.js";
import { networkNamed, networkNames } from "../src/networks/index.js";
import { type CommandArguments, choice, type OptionSpec, UsageError, wholeNumber } from "./command.js";
import { cacheFolderOption } from "./files.js";

/** Where features are kept. */
export const cacheOptions = {
  cache: {
    type: "string",
    value: "FOLDER",
    help: "keep extracted features there and find them again; default the folder features of DN2_CACHE or ~/.cache/dn2",
  },
  "no-cache": { type: "boolean", help: "neither keep nor find extracted features" },
} as const satisfies Record<string, OptionSpec>;

/** The options of every command that extracts features. */
export const extractorOptions = {
  extractor: {
    type: "string",
    value: "NAME",
    help: `${extractorNames().join(", ")}, or a file that dn2 distill wrote; default embedded`,
  },
  "input-size": {
    type: "string",
    value: "PX",
    help: "side of the network's input; default the network's own",
  },
  layer: {
    type: "string",
    value: "NAME",
    help: "layer whose pooled output is the feature; A+B concatenates layers",
  },
  weights: {
    type: "string",
    value: "FILE",
    help: "the network's weights, .safetensors or .pth; default those in DN2_DATA or the cache",
  },
  engine: { type: "string", value: "NAME", help: `${engineNames.join(", ")}; default the best installed` },
  "batch-size": {
    type: "string",
    value: "N",
    help: "images in a batch; default what is fastest on the first batches",
  },
  threads: {
    type: "string",
    value: "N",
    help: "threads of the engine; default one for each core, or fewer where a long extraction is measured to be faster",
  },
  device: { type: "string", value: "NAME", help: `${deviceNames.join(", ")}; default cpu` },
  ...cacheOptions,
} as const satisfies Record<string, OptionSpec>;

/** What these options say. */
export interface ExtractorChoice {
  /** Name of the extractor. */
  readonly extractor: string;
  /** Side of the network's input in pixels. */
  readonly inputSize?: number;
  /** Layer whose pooled output is the feature. */
  readonly layer?: string;
  /** File of the network's weights. */
  readonly weights?: string;
  /** Compute engine. */
  readonly engine?: EngineName;
  /** Images in a batch. */
  readonly batchSize?: number;
  /** Threads of the engine. */
  readonly threads?: number;
  /** What the network runs on. */
  readonly device?: DeviceName;
  /** Where features are kept. */
  readonly cache: boolean | string;
}

/**
 * @param values - the options' values
 * @returns the extractor asked for and how it is to work
 * @throws UsageError listing the valid values
 */
export function extractorChoice(values: CommandArguments["values"]): ExtractorChoice {
  const extractor = extractorNamed("extractor", String(values.extractor ?? "embedded"));
  if (typeof values.layer === "string" && networkNames().includes(extractor)) {
    try {
      chosenLayers(networkNamed(extractor), values.layer);
    } catch (error) {
      throw new UsageError(`--layer: ${messageOf(error)}`);
    }
  }
  return {
    extractor,
    inputSize: wholeNumber(values, "input-size", 1, undefined),
    layer: values.layer as string | undefined,
    weights: weightsFile(values.weights, extractor),
    engine: values.engine === undefined ? undefined : choice(values, "engine", engineNames, engineNames[0]),
    batchSize: wholeNumber(values, "batch-size", 1, undefined),
    threads: wholeNumber(values, "threads", 1, undefined),
    device: values.device === undefined ? undefined : choice(values, "device", deviceNames, "cpu"),
    cache: cacheChoice(values),
  };
}

/**
 * @param values - the options' values
 * @returns true for the usual folder, the folder asked for, or false
 * @throws UsageError when both options are given, or the folder is none
 */
export function cacheChoice(values: CommandArguments["values"]): boolean | string {
  if (values["no-cache"] !== true) return cacheFolderOption(values) ?? true;
  if (values.cache === undefined) return false;
  throw new UsageError(
    `--cache and --no-cache exclude each other; got --cache ${values.cache} with --no-cache`,
  );
}

/**
 * @param option - the option's name
 * @param name - an extractor's name, or the file of one
 * @returns the name
 * @throws UsageError listing the valid names when there is neither such a name nor such a file
 */
export function extractorNamed(option: string, name: string): string {
  if (extractorNames().includes(name) || findExtractorFile(name) !== undefined) return name;
  throw new UsageError(
    `--${option} must be one of ${extractorNames().join(", ")}, or a file that dn2 distill wrote; got ${name}${didYouMean(name, extractorNames())}`,
  );
}

function weightsFile(value: string | boolean | undefined, extractor: string): string | undefined {
  if (typeof value !== "string") return undefined;
  if (!networkNames().includes(extractor)) {
    const own = extractorNames().includes(extractor) ? "has none" : "brings its own weights";
    throw new UsageError(`--weights needs a network; the extractor ${extractor} ${own}`);
  }
  if (isFile(value)) return value;
  throw new UsageError(`--weights must be a file; ${value} is none`);
}
