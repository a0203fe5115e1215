import type { Diagnostic } from "../tslab/types.js";
import type { Completeness } from "./completeness.js";
import type { NameDescription } from "./describe-name.js";

/** A cell that is to be converted. */
export interface CellSource {
  /** Declarations of what earlier cells left behind. */
  readonly previous: string;
  /** The cell. */
  readonly code: string;
  /** Names of variables of earlier cells. */
  readonly names: readonly string[];
}

/** A script made from a file of the project. */
export interface ProjectScript {
  /** Path of the file. */
  readonly path: string;
  /** JavaScript, a CommonJS module. */
  readonly code: string;
  /** Source maps as JSON, from the script back to the file. */
  readonly maps: readonly string[];
}

/** What came of a conversion; all but the first four fields exactly as tslab wants them. */
export interface ConvertedCell {
  /** Files of the project that the cell needs and that are new or changed. */
  readonly scripts: readonly ProjectScript[];
  /** Files of the project that changed since the last conversion. */
  readonly changed: readonly string[];
  /** Source maps as JSON, from the output back to the cell. */
  readonly maps: readonly string[];
  /** What tslab's comments in the cell say, for example that it is a module. */
  readonly metadata: object;
  /** Complaints of the type checker; with one, there is no output. */
  readonly diagnostics: readonly Diagnostic[];
  /** JavaScript. */
  readonly output?: string;
  /** Declarations of what it leaves behind. */
  readonly declOutput?: string;
  /** Whether it awaits. */
  readonly hasToplevelAwait?: boolean;
  /** Name under which it leaves the value of its last expression. */
  readonly lastExpressionVar?: string;
}

/** What could stand at a place. */
export interface Completion {
  /** Where the word to be replaced begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Names that begin with what was typed, best first. */
  readonly candidates: readonly string[];
  /** Their kinds, for example "function". */
  readonly kinds: readonly string[];
}

/** A place in code that earlier cells precede. */
export interface CodePosition {
  /** Declarations of what earlier cells left behind. */
  readonly previous: string;
  /** What was typed. */
  readonly code: string;
  /** In UTF-16 units. */
  readonly position: number;
}

/** Questions to the compiler's process, and the types of its answers. */
export interface Questions {
  /** To be asked first: in which folder the notebook lies. Answered with TypeScript's version. */
  open: { question: { readonly folder: string }; answer: string };
  convert: { question: CellSource; answer: ConvertedCell };
  complete: { question: CodePosition; answer: Completion };
  inspect: { question: CodePosition; answer: NameDescription | null };
  completeness: { question: { readonly code: string }; answer: Completeness };
}

/** A question on its way: a line of JSON. Answers come in the order of the questions. */
export interface QuestionLine<K extends keyof Questions = keyof Questions> {
  /** What is asked. */
  readonly kind: K;
  /** The question. */
  readonly question: Questions[K]["question"];
}

/** An answer on its way: a line of JSON. */
export type AnswerLine = { readonly answer: unknown } | { readonly failure: string };
