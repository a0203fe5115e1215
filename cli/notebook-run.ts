import { type DeclaredParameter, declaredParameters } from "../kernel/run/declared-parameters.js";
import { readNotebook } from "../kernel/run/notebook.js";
import { parameterValue } from "../kernel/run/parameters.js";
import { runNotebook } from "../kernel/run/run-notebook.js";
import { didYouMean } from "../src/core/closest-name.js";
import { Aborted, messageOf } from "../src/core/errors.js";
import { isFolder } from "../src/core/what-is-there.js";
import { type Command, type CommandArguments, UsageError } from "./command.js";
import { ConsoleProgress } from "./console-progress.js";
import { type NotebookFile, notebookFiles } from "./notebook-files.js";
import { givenParameters, type ParameterTexts } from "./parameter-options.js";

/** `dn2 notebook run`: executes notebooks without Jupyter. */
export const notebookRunCommand: Command = {
  usage: "notebook run FILE.ipynb [-p NAME=VALUE] [--output OUT.ipynb]",
  summary: "Executes a notebook, several, or a folder of them, without Jupyter and Python.",
  options: {
    parameter: {
      type: "string",
      short: "p",
      multiple: true,
      value: "NAME=VALUE",
      help: "value for a variable of the cell tagged `parameters`; may be repeated",
    },
    "parameters-file": {
      type: "string",
      short: "f",
      value: "FILE.json",
      help: "values by name; -p goes before it",
    },
    output: {
      type: "string",
      short: "o",
      value: "OUT",
      help: "executed notebook to write; of several notebooks the folder; default: nothing is written",
    },
    "in-place": { type: "boolean", help: "write the executed notebook over the original" },
    "allow-errors": { type: "boolean", help: "go on after a cell that failed, exit code 0" },
    timeout: { type: "string", value: "SECONDS", help: "a cell that takes longer fails and ends the run" },
    folder: { type: "string", value: "FOLDER", help: "where the cells run; default the notebook's folder" },
    "log-output": { type: "boolean", help: "show what cells print" },
  },
  async run({ positionals, values, repeated, signal }) {
    const parameters = await givenParameters(repeated.parameter, values["parameters-file"]);
    const timeoutMs = secondsOption(values.timeout);
    const { folder } = values;
    if (folder !== undefined && !isFolder(String(folder))) {
      throw new UsageError(`--folder must be a folder that exists; ${folder} is none`);
    }
    const files = notebookFiles(positionals, values);
    let bad = 0;
    for (const file of files) {
      const good = await runOne(file, parameters, timeoutMs, { values, signal });
      if (!good) bad++;
    }
    if (files.length > 1) {
      process.stderr.write(`${files.length - bad} of ${files.length} notebooks ran without an error\n`);
    }
    return bad > 0 && values["allow-errors"] !== true ? 1 : 0;
  },
};

async function runOne(
  { path, output }: NotebookFile,
  texts: ParameterTexts,
  timeoutMs: number | undefined,
  { values, signal }: Pick<CommandArguments, "values" | "signal">,
): Promise<boolean> {
  const parameters = await parametersFor(path, texts);
  const progress = new ConsoleProgress(path, values["log-output"] === true);
  try {
    const { failed } = await runNotebook(path, {
      ...{ parameters, output, timeoutMs, signal },
      allowErrors: values["allow-errors"] === true,
      folder: values.folder as string | undefined,
      onCell: (cell) => progress.cell(cell),
      onOutput: (one) => progress.output(one),
    });
    progress.end(output);
    for (const cell of failed) progress.failure(cell);
    return failed.length === 0;
  } catch (error) {
    progress.end(error instanceof Aborted ? output : undefined);
    throw error;
  }
}

async function parametersFor(path: string, texts: ParameterTexts): Promise<Record<string, unknown>> {
  if (texts.size === 0) return {};
  const declared = declaredParameters(await readNotebook(path));
  const values: Record<string, unknown> = {};
  for (const [name, given] of texts) {
    const known = declared?.find((one) => one.name === name);
    if (!known)
      process.stderr.write(`warning: ${unknownParameter(path, name, declared)}; injected all the same\n`);
    values[name] = "text" in given ? typedValue(name, given.text, known) : given.value;
  }
  return values;
}

function typedValue(name: string, text: string, known: DeclaredParameter | undefined): unknown {
  try {
    return parameterValue(name, text, known);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function unknownParameter(
  path: string,
  name: string,
  declared: ReturnType<typeof declaredParameters>,
): string {
  if (!declared) return `no cell of ${path} is tagged "parameters"`;
  const names = declared.map((one) => one.name);
  return `${name} is no parameter of ${path}${didYouMean(name, names)}, which declares ${names.join(", ") || "nothing"}`;
}

function secondsOption(value: string | boolean | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (!(seconds > 0) || seconds > 1e6) {
    throw new UsageError(`--timeout must be a number of seconds above 0; got ${value}`);
  }
  return seconds * 1000;
}
