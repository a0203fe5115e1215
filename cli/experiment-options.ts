import { ablationSubjects, type ExperimentName, type RunOptions } from "../src/protocols/index.js";
import { poolings } from "../src/scoring/index.js";
import { type CommandArguments, choice, type OptionSpec, UsageError, wholeNumber } from "./command.js";
import { heatmapsInto } from "./heatmaps.js";

interface ExperimentOption extends OptionSpec {
  /** The experiments that have the option. */
  readonly of: readonly ExperimentName[];
  /** Name of the option of `runExperiment`. */
  readonly key: keyof RunOptions;
  /** Reads the value. */
  read(values: CommandArguments["values"], name: string, signal: AbortSignal): unknown;
}

const curves: readonly ExperimentName[] = ["groups", "few-images", "contamination", "kmeans"];
const byClass: readonly ExperimentName[] = [
  "unimodal",
  "multimodal",
  "few-images",
  "contamination",
  "kmeans",
  "k",
  "patches",
];

const table: Readonly<Record<string, ExperimentOption>> = {
  classes: {
    type: "string",
    value: "A,B",
    help: "classes to take as the normal one in turn (multimodal: to leave out); default all",
    of: byClass,
    key: "normalClasses",
    read: words,
  },
  repeats: {
    type: "string",
    value: "N",
    help: "draws of groups, subsets, anomalies or first centers",
    of: curves,
    key: "repeats",
    read: (values, name) => wholeNumber(values, name, 1, undefined),
  },
  sizes: {
    type: "string",
    value: "N,N",
    help: "images a group (groups), training images (few-images)",
    of: ["groups", "few-images"],
    key: "sizes",
    read: numbers,
  },
  rule: {
    type: "string",
    value: "NAME",
    help: "groups: fixed-classes (the paper's) or anomaly-share; default fixed-classes",
    of: ["groups"],
    key: "rule",
    read: (values, name) => choice(values, name, ["fixed-classes", "anomaly-share"], ""),
  },
  share: {
    type: "string",
    value: "X",
    help: "groups by anomaly-share: share of other classes' images in an anomalous group; default 0.5",
    of: ["groups"],
    key: "share",
    read: (values, name) => numbers(values, name)[0],
  },
  poolings: {
    type: "string",
    value: "A,B",
    help: `groups: ${poolings.join(", ")}; default all`,
    of: ["groups"],
    key: "poolings",
    read: words,
  },
  subsets: {
    type: "string",
    value: "NAME",
    help: "few-images: nested or independent; default nested",
    of: ["few-images"],
    key: "subsets",
    read: (values, name) => choice(values, name, ["nested", "independent"], ""),
  },
  rates: {
    type: "string",
    value: "X,X",
    help: "contamination: anomalies / all training images, 0 to 0.5",
    of: ["contamination"],
    key: "rates",
    read: numbers,
  },
  cleaned: {
    type: "string",
    value: "X,X",
    help: "contamination: shares that cleaning removes, 0 (none) to 0.9; default 0,0.5",
    of: ["contamination"],
    key: "cleaned",
    read: numbers,
  },
  centers: {
    type: "string",
    value: "N,N",
    help: "kmeans: numbers of centers a class",
    of: ["kmeans"],
    key: "centers",
    read: numbers,
  },
  ks: { type: "string", value: "N,N", help: "k: numbers of neighbours", of: ["k"], key: "ks", read: numbers },
  patches: {
    type: "string",
    value: "N",
    help: "patches: how many of a class's training images to keep at most; default 10000",
    of: ["patches"],
    key: "patches",
    read: (values, name) => wholeNumber(values, name, 1, undefined),
  },
  select: {
    type: "string",
    value: "NAME",
    help: "patches: random or coreset, which covers rare patches; default random",
    of: ["patches"],
    key: "select",
    read: (values, name) => choice(values, name, ["random", "coreset"], ""),
  },
  neighborhood: {
    type: "string",
    value: "N",
    help: "patches: side of the square of places that is averaged, odd; default 3",
    of: ["patches"],
    key: "neighborhood",
    read: (values, name) => wholeNumber(values, name, 1, undefined),
  },
  top: {
    type: "string",
    value: "N",
    help: "patches: most anomalous places whose mean is an image's score; default 1",
    of: ["patches"],
    key: "top",
    read: (values, name) => wholeNumber(values, name, 1, undefined),
  },
  heatmaps: {
    type: "string",
    value: "FOLDER",
    help: "patches: draw there where test images are anomalous, the 50 most anomalous of each normal class",
    of: ["patches"],
    key: "onPlaces",
    read: (values, name, signal) => heatmapsInto(String(values[name]), signal),
  },
  vary: {
    type: "string",
    value: "NAME",
    help: `ablation: ${ablationSubjects.join(", ")}`,
    of: ["ablation"],
    key: "vary",
    read: (values, name) => choice(values, name, ablationSubjects, "" as never),
  },
  values: {
    type: "string",
    value: "A,B",
    help: "ablation: what to take in turn",
    of: ["ablation"],
    key: "values",
    read: words,
  },
};

/** The options that only some experiments have. */
export const experimentOptions: Readonly<Record<string, OptionSpec>> = Object.fromEntries(
  Object.entries(table).map(([name, { type, value, help }]) => [name, { type, value, help }]),
);

/**
 * @param experiment - name of the experiment
 * @param given - the options' values, and what aborts
 * @returns the options of `runExperiment` that were given
 * @throws UsageError for an option that this experiment does not have, or a value that is none
 */
export function experimentChoice(
  experiment: ExperimentName,
  { values, signal }: Pick<CommandArguments, "values" | "signal">,
): Partial<RunOptions> {
  const given = Object.entries(table).filter(([name]) => values[name] !== undefined);
  const wrong = given.find(([, { of }]) => !of.includes(experiment));
  if (wrong) {
    throw new UsageError(
      `--${wrong[0]} belongs to ${wrong[1].of.join(", ")}; the experiment ${experiment} does not have it`,
    );
  }
  if (values.share !== undefined && values.rule !== "anomaly-share") {
    throw new UsageError("--share belongs to --rule anomaly-share; give that rule too, or leave --share out");
  }
  if (experiment === "ablation" && values.vary === undefined) {
    throw new UsageError(`ablation needs --vary, one of ${ablationSubjects.join(", ")}`);
  }
  return Object.fromEntries(given.map(([name, { key, read }]) => [key, read(values, name, signal)]));
}

function words(values: CommandArguments["values"], name: string): string[] {
  return String(values[name])
    .split(",")
    .map((word) => word.trim());
}

function numbers(values: CommandArguments["values"], name: string): number[] {
  return words(values, name).map((word) => {
    const number = Number(word);
    if (word === "" || !Number.isFinite(number)) {
      throw new UsageError(`--${name} must be numbers with commas between them; got ${values[name]}`);
    }
    return number;
  });
}
