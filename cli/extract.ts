import { isFolder } from "../src/core/what-is-there.js";
import { findVocFolder, readFolder } from "../src/datasets/index.js";
import { extractToFile, loadExtractor } from "../src/extractors/index.js";
import { type Command, UsageError } from "./command.js";
import { extractorChoice, extractorOptions } from "./extractor-options.js";
import { outputFile, requireWritable } from "./files.js";

/** `dn2 extract`: the features of all images of a folder, as a file that NumPy opens. */
export const extractCommand: Command = {
  usage: "extract FOLDER --output FILE.npy [options]",
  summary: "Writes the features of a folder's images as .npy, with their file names in a .json beside it.",
  options: {
    output: { type: "string", value: "FILE.npy", help: "file to write, n x d float32" },
    ...extractorOptions,
  },
  async run({ positionals, values, signal }) {
    const [folder] = positionals;
    if (positionals.length !== 1) {
      throw new UsageError(`extract needs one folder of images; got ${positionals.join(" ") || "none"}`);
    }
    if (!isFolder(folder)) {
      throw new UsageError(`extract needs a folder of images; ${folder} is none`);
    }
    const output = outputFile(values, ".npy");
    requireWritable(output.replace(/\.npy$/, ".json"));
    const { extractor: name, batchSize, cache, ...form } = extractorChoice(values);
    const extractor = await loadExtractor(name, form);
    const { images, notes } = await readFolder(folder);
    if (findVocFolder(folder)) {
      process.stderr.write(
        `note: ${folder} has annotations, and these are the features of whole pictures; npx dn2 run takes the objects in their boxes\n`,
      );
    }
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
    const { n, bad } = await extractToFile(extractor, images, output, {
      batchSize,
      cache,
      onBadImage: ({ reason }) => void process.stderr.write(`${reason}\n`),
      signal,
    });
    const leftOut =
      bad.length === 0 ? "" : `; ${bad.length} bad image${bad.length === 1 ? "" : "s"} left out`;
    process.stderr.write(`${output}: ${n} x ${extractor.dimensions} float32${leftOut}\n`);
    return bad.length > 0 ? 3 : 0;
  },
};
