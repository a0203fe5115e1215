import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { dataSetNames, loadDataSet } from "../src/datasets/index.js";
import { describePoint, distillExtractor } from "../src/distillation/own-extractor/index.js";
import { type Command, choice, UsageError, wholeNumber } from "./command.js";
import { cacheChoice, cacheOptions, extractorNamed } from "./extractor-options.js";
import { requireWritableFolder } from "./files.js";

/** `dn2 distill`: a small fast extractor that learns from a large one on a user's own images. */
export const distillCommand: Command = {
  usage: "distill FOLDER [options]",
  summary: "Trains a small fast extractor on your own images, without labels, from a large one.",
  options: {
    teacher: { type: "string", value: "NAME", help: "extractor to learn from; default resnet101" },
    output: {
      type: "string",
      value: "NAME",
      help: "writes NAME.safetensors and NAME.json; default FOLDER-TEACHER in this folder",
    },
    "input-size": { type: "string", value: "PX", help: "side of the new extractor's input; default 32" },
    epochs: { type: "string", value: "N", help: "how often every image is seen; default by their number" },
    "batch-size": { type: "string", value: "N", help: "images in a batch; default by their number" },
    seed: { type: "string", value: "N", help: "seed of all chance; default 0" },
    from: { type: "string", value: "NAME", help: "start: embedded or scratch; default embedded" },
    "no-mirror": { type: "boolean", help: "left and right matter in these images" },
    smoothing: {
      type: "string",
      value: "N",
      help: "nearest images whose mean is half of what is learned for an image, 0 for none; default 5",
    },
    "teacher-input-size": { type: "string", value: "PX", help: "side of the teacher's input" },
    "teacher-layer": { type: "string", value: "NAME", help: "layer of the teacher that is learned" },
    "teacher-weights": { type: "string", value: "FILE", help: "the teacher's weights, .safetensors or .pth" },
    "limit-train": { type: "string", value: "N", help: "only the first N training images of each class" },
    "limit-test": { type: "string", value: "N", help: "only the first N test images of each class" },
    "report-images": { type: "string", value: "N", help: "held-out images to measure on; default 1000" },
    k: { type: "string", value: "N", help: "neighbours behind the scores of the report; default 2" },
    ...cacheOptions,
    json: { type: "boolean", help: "print what NAME.json holds as one line" },
  },
  async run({ positionals, values, signal }) {
    const [source] = positionals;
    if (positionals.length !== 1) {
      throw new UsageError(
        `distill needs one folder of images, or one of ${dataSetNames().join(", ")}; got ${positionals.join(" ") || "none"}`,
      );
    }
    if (!dataSetNames().includes(source) && !existsSync(source)) {
      throw new UsageError(
        `distill needs a folder of images, or one of ${dataSetNames().join(", ")}; there is no ${source}`,
      );
    }
    const text = (name: string) => values[name] as string | undefined;
    requireWritableFolder("--output must be in", dirname(resolve(text("output") ?? "extractor")));
    const seed = wholeNumber(values, "seed", 0, 0);
    const limitTrain = wholeNumber(values, "limit-train", 1, undefined);
    const limitTest = wholeNumber(values, "limit-test", 1, undefined);
    const options = {
      teacher: extractorNamed("teacher", text("teacher") ?? "resnet101"),
      teacherInputSize: wholeNumber(values, "teacher-input-size", 1, undefined),
      teacherLayer: text("teacher-layer"),
      teacherWeights: text("teacher-weights"),
      output: text("output"),
      inputSize: wholeNumber(values, "input-size", 16, undefined),
      epochs: wholeNumber(values, "epochs", 1, undefined),
      batchSize: wholeNumber(values, "batch-size", 2, undefined),
      seed,
      from: choice<"embedded" | "scratch">(values, "from", ["embedded", "scratch"], "embedded"),
      mirror: values["no-mirror"] !== true,
      smoothing: wholeNumber(values, "smoothing", 0, undefined),
      reportImages: wholeNumber(values, "report-images", 10, undefined),
      k: wholeNumber(values, "k", 1, undefined),
      cache: cacheChoice(values),
    };
    const line = (sentence: string) =>
      void process.stderr.write(`${process.stderr.isTTY ? "\r\x1b[K" : ""}${sentence}\n`);
    const extractor = await distillExtractor(await loadDataSet(source, { seed, limitTrain, limitTest }), {
      ...options,
      onNote: (note) => line(`note: ${note}`),
      onEpoch: (point, epochs) => {
        if (point.measured) line(describePoint(point, epochs));
      },
      signal,
    });
    process.stdout.write(
      values.json ? `${JSON.stringify(extractor)}\n` : `${extractor.toTable()}\n  file: ${extractor.path}\n`,
    );
    return extractor.content.unreadable > 0 ? 3 : 0;
  },
};
