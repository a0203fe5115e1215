import { inspect } from "node:util";
import type { Diagnostic } from "../tslab/types.js";
import type { SourcePositions } from "./source-positions.js";

/** An error as front ends show it. */
export interface CellError {
  /** Kind of the error, for example "RangeError". */
  readonly ename: string;
  /** Its message. */
  readonly evalue: string;
  /** Lines to print, with colors as ANSI sequences. */
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\x1b[31m${text}\x1b[39m`;
const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;
const longestLine = 200;
const mostFrames = 12;

/** The error of a cell that its user interrupted. */
export const interruptedError: CellError = {
  ename: "Aborted",
  evalue: "interrupted by the user",
  traceback: [`${red("Aborted")}: interrupted by the user`],
};

/**
 * Presents complaints of the type checker.
 *
 * @param diagnostics - at least one
 * @param code - the cell
 * @returns kind, first message and all messages with the lines they are about
 */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], code: string): CellError {
  const lines = code.split("\n");
  const traceback: string[] = [];
  for (const { start, end, messageText, code: number, fileName } of diagnostics) {
    const place = `${fileName ? `${fileName}, ` : ""}line ${start.line + 1}, column ${start.character + 1}`;
    traceback.push(`${red(`error TS${number}`)}: ${messageText} ${dim(`(${place})`)}`);
    if (!fileName) {
      const length = end.line === start.line ? end.character - start.character : 1;
      traceback.push(...excerpt(lines, start.line + 1, start.character + 1, length));
    }
  }
  return { ename: "TypeScriptError", evalue: diagnostics[0].messageText, traceback };
}

/**
 * Presents a thrown value: its message, the place in the user's cells and files, and how it was reached. Frames of the
 * kernel, of Node and of the package itself are left out.
 *
 * @param error - what was thrown
 * @param positions - where generated scripts come from
 * @returns kind, message and lines to print
 */
export function describeThrown(error: unknown, positions: SourcePositions): CellError {
  if (!isErrorLike(error)) {
    const evalue = typeof error === "string" ? error : inspect(error, { depth: 2 });
    return { ename: "thrown value", evalue, traceback: [`${red("thrown value")}: ${evalue}`] };
  }
  const ename = String(error.name || "Error");
  const evalue = String(error.message);
  const traceback = [`${red(ename)}${evalue ? `: ${evalue}` : ""}`, ...describeFrames(error, positions)];
  if (Array.isArray(error.errors)) {
    traceback.push(...error.errors.slice(0, 5).map((inner) => dim(`  one of: ${headline(inner)}`)));
  }
  for (let cause = error.cause, depth = 0; cause !== undefined && depth < 3; depth++) {
    traceback.push(dim(`  caused by ${headline(cause)}`));
    cause = isErrorLike(cause) ? cause.cause : undefined;
  }
  return { ename, evalue, traceback };
}

/**
 * The line of a cell at which it failed, also where the error arose in a function of another cell or file.
 *
 * @param label - how messages call the cell
 * @param positions - where generated scripts come from
 * @param thrown - what was thrown
 * @param diagnostics - complaints of the type checker
 * @returns line from 1; undefined when it is not known
 */
export function lineOfError(
  label: string,
  positions: SourcePositions,
  thrown: unknown,
  diagnostics: readonly Diagnostic[],
): number | undefined {
  const complaint = diagnostics.find(({ fileName }) => !fileName);
  if (complaint) return complaint.start.line + 1;
  const frames = isErrorLike(thrown) ? [...parseStack(String(thrown.stack ?? ""))] : [];
  return frames
    .map(({ file, line, column }) => positions.find(file, line, column))
    .find((position) => position?.where === label)?.line;
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === "object" && value !== null && "message" in value && "stack" in value;
}

function headline(value: unknown): string {
  return isErrorLike(value) ? `${value.name}: ${value.message}` : inspect(value, { depth: 0 });
}

function describeFrames(error: ErrorLike, positions: SourcePositions): string[] {
  const output: string[] = [];
  let foreign = "";
  let shown = 0;
  let previous = "";
  for (const frame of parseStack(String(error.stack ?? ""))) {
    const position = positions.find(frame.file, frame.line, frame.column);
    if (!position) {
      if (output.length === 0 && !foreign && !positions.has(frame.file) && isLibrary(frame.file)) {
        foreign = `${frame.call ? `${frame.call}, ` : ""}${frame.file.replace(/^.*\/node_modules\//, "")}:${frame.line}`;
      }
      continue;
    }
    const call = frame.call.replace(/^async /, "").replace(/^(Proxy|Object)\./, "");
    const name = call === "" || call === "<anonymous>" ? "" : `${call}, `;
    const line = dim(`    at ${name}${position.where}, line ${position.line}`);
    if (line === previous) continue;
    previous = line;
    if (++shown > mostFrames) return [...output, dim("    …")];
    output.push(line);
    if (shown === 1) output.push(...excerpt(position.lines, position.line, position.column, 0));
  }
  return foreign && !isDeliberate(error) ? [dim(`    in ${foreign}`), ...output] : output;
}

/** Errors that say in one sentence what to do need no inner place; those of the language engine do. */
function isDeliberate(error: ErrorLike): boolean {
  return error.name === "DataError" || error.name === "Aborted" || error.name === "RangeError";
}

function isLibrary(file: string): boolean {
  return (
    !file.startsWith("node:") &&
    !/\/(tslab\/dist|dist\/kernel)\/|^evalmachine/.test(file) &&
    file.includes("/")
  );
}

interface Frame {
  readonly call: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function* parseStack(stack: string): Iterable<Frame> {
  for (const text of stack.split("\n")) {
    const match = /^\s+at (?:(.*) \()?(?:async )?(?:file:\/\/)?(\S.*?):(\d+):(\d+)\)?$/.exec(text);
    if (match)
      yield { call: match[1] ?? "", file: match[2], line: Number(match[3]), column: Number(match[4]) };
  }
}

function excerpt(lines: readonly string[], line: number, column: number, length: number): string[] {
  const width = String(Math.min(lines.length, line + 1)).length;
  const output: string[] = [];
  for (let i = Math.max(1, line - 2); i <= Math.min(lines.length, line + 1); i++) {
    const text = lines[i - 1];
    const cut = text.length > longestLine ? `${text.slice(0, longestLine)} …` : text;
    output.push(`  ${i === line ? red(">") : " "} ${dim(`${String(i).padStart(width)} |`)} ${cut}`);
    if (i === line && length > 0 && column <= longestLine) {
      output.push(
        `    ${" ".repeat(width)} ${dim("|")} ${" ".repeat(column - 1)}${red("^".repeat(Math.min(length, longestLine)))}`,
      );
    }
  }
  return output;
}
