import { existsSync } from "node:fs";
import { didYouMean } from "../src/core/closest-name.js";
import { isFolder } from "../src/core/what-is-there.js";
import { writeFileAtomically } from "../src/core/write-file.js";
import { dataSetNames } from "../src/datasets/index.js";
import { type ExperimentName, experimentNames, runExperiment } from "../src/protocols/index.js";
import { type Command, type CommandArguments, choice, UsageError, wholeNumber } from "./command.js";
import { experimentChoice, experimentOptions } from "./experiment-options.js";
import { extractorChoice, extractorOptions } from "./extractor-options.js";
import { outputFile } from "./files.js";

/** `dn2 run`: an experiment of the paper, from images to ROCAUC. */
export const runCommand: Command = {
  usage: "run EXPERIMENT [options]",
  summary: `Runs an experiment (${experimentNames.join(", ")}) from images to ROCAUC with intervals.`,
  options: {
    dataset: {
      type: "string",
      value: "NAME",
      help: `${dataSetNames().join(", ")}, a folder with one subfolder a class, or one in the form of PASCAL VOC; default synthetic`,
    },
    k: { type: "string", value: "N", help: "number of nearest neighbours; default 2, of patches 1" },
    distance: { type: "string", value: "NAME", help: "squared or euclidean; default squared" },
    normalize: { type: "boolean", help: "scale features to unit length first (not in the paper)" },
    whiten: {
      type: "boolean",
      help: "whiten features by the training images of each fold first (not in the paper)",
    },
    seed: { type: "string", value: "N", help: "seed of all chance; default 0" },
    "limit-train": { type: "string", value: "N", help: "only the first N training images of each class" },
    "limit-test": { type: "string", value: "N", help: "only the first N test images of each class" },
    ...extractorOptions,
    ...experimentOptions,
    json: { type: "boolean", help: "print the run record as one line of JSON" },
    output: {
      type: "string",
      value: "FILE.json",
      help: "write the run record there too; npx dn2 check FILE.json computes it again",
    },
  },
  async run({ positionals, values, signal }) {
    if (positionals.length !== 1) {
      throw new UsageError(
        `run needs the name of one experiment (${experimentNames.join(", ")}); got ${positionals.join(" ") || "none"}`,
      );
    }
    const [experiment] = positionals;
    if (!(experimentNames as readonly string[]).includes(experiment)) {
      throw new UsageError(
        `unknown experiment ${experiment}${didYouMean(experiment, experimentNames)}; valid experiments are ${experimentNames.join(", ")}`,
      );
    }
    const name = experiment as ExperimentName;
    if (name === "k" && values.k !== undefined) {
      throw new UsageError(
        `--k belongs to the other experiments; the experiment k takes every number of --ks`,
      );
    }
    const output = values.output === undefined ? undefined : outputFile(values, ".json");
    const record = await runExperiment(name, {
      dataset: dataSetChoice(values.dataset),
      ...extractorChoice(values),
      ...(name === "k" ? {} : { k: wholeNumber(values, "k", 1, name === "patches" ? 1 : 2) }),
      distance: choice<"squared" | "euclidean">(values, "distance", ["squared", "euclidean"], "squared"),
      ...(name === "patches" ? rawOnly(values) : { normalize: normalizeChoice(values) }),
      seed: wholeNumber(values, "seed", 0, 0),
      limitTrain: wholeNumber(values, "limit-train", 1, undefined),
      limitTest: wholeNumber(values, "limit-test", 1, undefined),
      ...experimentChoice(name, { values, signal }),
      signal,
    });
    if (output) await writeFileAtomically(output, `${JSON.stringify(record, null, 1)}\n`);
    process.stdout.write(values.json ? `${JSON.stringify(record)}\n` : `${record.toTable()}\n`);
    return 0;
  },
};

function normalizeChoice({ normalize, whiten }: CommandArguments["values"]): boolean | "whitened" {
  if (normalize && whiten)
    throw new UsageError("--normalize and --whiten exclude each other; give one of them");
  return whiten ? "whitened" : normalize === true;
}

function rawOnly({ normalize, whiten }: CommandArguments["values"]): object {
  if (!normalize && !whiten) return {};
  throw new UsageError(
    `--${normalize ? "normalize" : "whiten"} belongs to the other experiments; patches are compared as they are`,
  );
}

function dataSetChoice(value: string | boolean | undefined): string {
  const name = String(value ?? "synthetic");
  if (dataSetNames().includes(name) || isFolder(name)) return name;
  if (existsSync(name)) {
    throw new UsageError(`--dataset must be a folder; ${name} is a file: unpack it where it is an archive`);
  }
  throw new UsageError(
    `unknown data set ${name}${didYouMean(name, dataSetNames())}; valid data sets are ${dataSetNames().join(", ")}, or the path of a folder of images`,
  );
}
