import { declaredParameters } from "../kernel/run/declared-parameters.js";
import { readNotebook } from "../kernel/run/notebook.js";
import type { Command } from "./command.js";
import { inputFile } from "./files.js";

/** `dn2 notebook parameters`: which values a notebook takes. */
export const notebookParametersCommand: Command = {
  usage: "notebook parameters FILE.ipynb",
  summary: "Lists the variables of a notebook's cell tagged `parameters`, with their defaults.",
  options: {},
  async run({ positionals }) {
    const path = inputFile("notebook parameters needs one notebook", positionals);
    const declared = declaredParameters(await readNotebook(path));
    if (!declared) {
      process.stderr.write(`no cell of ${path} is tagged "parameters"\n`);
      return 0;
    }
    const width = Math.max(0, ...declared.map((one) => assignment(one).length));
    const lines = declared.map((one) => `${assignment(one).padEnd(width)}  ${one.comment}`.trimEnd());
    process.stdout.write(`${lines.join("\n")}\n`);
    return 0;
  },
};

function assignment({ name, type, text }: { name: string; type?: string; text: string }): string {
  return `${name}${type ? `: ${type}` : ""}${text ? ` = ${text}` : ""}`;
}
