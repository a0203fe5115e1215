import { megabytes } from "../kernel/share/page.js";
import { shareNotebook } from "../kernel/share/share-notebook.js";
import { writeFileAtomically } from "../src/core/write-file.js";
import { type Command, UsageError } from "./command.js";
import { inputFile, requireWritable } from "./files.js";

/** `dn2 share`: an executed notebook as one HTML file. */
export const shareCommand: Command = {
  usage: "share EXECUTED.ipynb [--output FILE.html]",
  summary: "Makes one HTML file of an executed notebook; figures and explorers go on to work in it, offline.",
  options: {
    output: {
      type: "string",
      short: "o",
      value: "FILE.html",
      help: "file to write; default beside the notebook",
    },
    "allow-errors": { type: "boolean", help: "share a notebook in which cells failed" },
    "allow-unexecuted": { type: "boolean", help: "share a notebook in which cells were not executed" },
  },
  async run({ positionals, values }) {
    const path = inputFile("share needs one executed notebook", positionals);
    const output = outputFile(path, values.output);
    const page = await shareNotebook(path, {
      allowErrors: values["allow-errors"] === true,
      allowUnexecuted: values["allow-unexecuted"] === true,
    });
    await writeFileAtomically(output, page.text);
    for (const note of page.notes) process.stderr.write(`note: ${path}: ${note}\n`);
    const parts = [
      ...(page.programBytes > 0 ? [`programs ${megabytes(page.programBytes)}`] : []),
      ...["plotly", "explorer", "picture"].flatMap((kind) => {
        const { count, bytes } = page.contents.of(kind);
        const name = kind === "plotly" ? "figure" : kind;
        return count === 0 ? [] : [`${count} ${name}${count === 1 ? "" : "s"} ${megabytes(bytes)}`];
      }),
    ];
    const size = megabytes(Buffer.byteLength(page.text));
    process.stdout.write(`${output}: ${size}${parts.length > 0 ? ` (${parts.join(", ")})` : ""}\n`);
    return 0;
  },
};

function outputFile(path: string, value: string | boolean | undefined): string {
  const output = value === undefined ? `${path.replace(/\.ipynb$/, "")}.html` : String(value);
  if (!/\.html?$/i.test(output)) {
    throw new UsageError(`--output must be a file name that ends in .html; got ${output}`);
  }
  requireWritable(output);
  return output;
}
