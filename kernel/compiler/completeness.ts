import type { TypeScript } from "./typescript.js";

/** Whether code can be run as it stands. */
export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "incomplete"; readonly indent: string }
  | { readonly status: "invalid" };

interface ParseDiagnostic {
  readonly start: number;
  readonly code: number;
}

/** Unterminated comment, template literal, regular expression. */
const openEnded = new Set([1010, 1160]);
const prefix = "export {};";

/**
 * Judges whether code is complete, for front ends that run it when Enter is pressed.
 *
 * @param ts - TypeScript
 * @param code - what was typed so far
 * @returns complete, incomplete with the indentation of the next line, or invalid
 */
export function completenessOf(ts: TypeScript, code: string): Completeness {
  const file = ts.createSourceFile("cell.ts", prefix + code, ts.ScriptTarget.Latest, false) as {
    parseDiagnostics: readonly ParseDiagnostic[];
  };
  const errors = file.parseDiagnostics;
  if (errors.length === 0) return { status: "complete" };
  const end = prefix.length + code.trimEnd().length;
  const open = errors.some((error) => openEnded.has(error.code));
  if (!open && errors[0].start < end) return { status: "invalid" };
  return { status: "incomplete", indent: open ? "" : nextIndent(code) };
}

function nextIndent(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)![0];
  return /[{([]\s*$|=>\s*$/.test(last) ? `${indent}  ` : indent;
}
