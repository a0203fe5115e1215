import { type DeclaredParameter, declaredParameters } from "./declared-parameters.js";
import { hasTag, type Notebook, type NotebookCell } from "./notebook.js";

/**
 * Puts parameters into a notebook, following papermill's convention: a cell tagged `injected-parameters` after the one
 * tagged `parameters`, or first when there is none. An injected cell from an earlier run is replaced. Variables keep
 * the keyword and the type with which the notebook declares them.
 *
 * @param notebook - changed in place
 * @param parameters - values by name; JSON values
 * @throws RangeError when a name is no TypeScript identifier; TypeError when a value is not of the declared kind
 */
export function injectParameters(notebook: Notebook, parameters: Record<string, unknown>): void {
  notebook.cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  if (Object.keys(parameters).length === 0) return;
  const declared = declaredParameters(notebook) ?? [];
  const lines = Object.entries(parameters).map(([name, value]) =>
    declarationOf(
      name,
      value,
      declared.find((one) => one.name === name),
    ),
  );
  const cell: NotebookCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: "injected-parameters" } : {}),
    metadata: { tags: ["injected-parameters"] },
    source: `// Parameters\n${lines.join("\n")}`,
    outputs: [],
    execution_count: null,
  };
  const at = notebook.cells.findIndex((candidate) => hasTag(candidate, "parameters"));
  notebook.cells.splice(at + 1, 0, cell);
}

/**
 * Reads the value of a parameter from a command line: of the kind that the notebook declares, else as JSON, else as text.
 *
 * @param name - the parameter
 * @param text - what was typed
 * @param declared - how the notebook declares it, where it does
 * @returns the value
 * @throws TypeError when the text is none of the declared kind
 */
export function parameterValue(name: string, text: string, declared: DeclaredParameter | undefined): unknown {
  const value = asJson(text);
  switch (declared?.kind) {
    case "string":
      return typeof value === "string" ? value : text;
    case "number":
    case "boolean":
      checkKind(name, value, declared);
      return value;
    default:
      return value;
  }
}

function declarationOf(name: string, value: unknown, declared: DeclaredParameter | undefined): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
    throw new RangeError(`a parameter must have a TypeScript name; got ${name}`);
  }
  if (declared) checkKind(name, value, declared);
  const type = declared?.type ?? typeOf(value, declared);
  return `${declared?.keyword ?? "const"} ${name}${type ? `: ${type}` : ""} = ${literal(value)};`;
}

function checkKind(name: string, value: unknown, { kind, text }: DeclaredParameter): void {
  if (kind === undefined || typeof value === kind) return;
  throw new TypeError(
    `the parameter ${name} must be a ${kind}, as in the notebook (${name} = ${text}); got ${JSON.stringify(value)}`,
  );
}

/**
 * Numbers and truth values get their general type, or comparing them with another value would be an error. A constant
 * text stays one of a few: it may be meant for an option that takes only these.
 */
function typeOf(value: unknown, declared: DeclaredParameter | undefined): string {
  if (typeof value === "number" || typeof value === "boolean") return typeof value;
  if (typeof value !== "string" || declared?.keyword !== "const") return "";
  const before = asJson(declared.text.replace(/^'([^'"\\]*)'$/, '"$1"'));
  return declared.text.startsWith("`") || before === value ? "" : `${literal(before)} | ${literal(value)}`;
}

function literal(value: unknown): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return Number.isNaN(value) ? "Number.NaN" : `${value < 0 ? "-" : ""}Number.POSITIVE_INFINITY`;
  }
  return JSON.stringify(value) ?? "undefined";
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
    const words: Record<string, unknown> = { True: true, False: false, None: null };
    return number ?? (Object.hasOwn(words, text) ? words[text] : text);
  }
}
