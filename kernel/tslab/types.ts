/** A place in code: line, character and offset from 0. */
export interface TextPosition {
  /** Line. */
  readonly line: number;
  /** UTF-16 units from the beginning of the line. */
  readonly character: number;
  /** UTF-16 units from the beginning of the code. */
  readonly offset: number;
}

/** A complaint of the type checker. */
export interface Diagnostic {
  /** Where it begins. */
  readonly start: TextPosition;
  /** Where it ends. */
  readonly end: TextPosition;
  /** The complaint. */
  readonly messageText: string;
  /** TypeScript's number for it. */
  readonly code: number;
  /** A file of the project; undefined: the cell. */
  readonly fileName?: string;
}

/** A piece of text of TypeScript's editor services. */
export interface TextPart {
  /** The text. */
  readonly text: string;
}

/** What the editor services know about a name. */
export interface QuickInfo {
  /** Signature. */
  readonly displayParts?: readonly TextPart[];
  /** Documentation. */
  readonly documentation?: readonly TextPart[];
  /** TSDoc tags. */
  readonly tags?: readonly { readonly name: string; readonly text?: readonly TextPart[] }[];
}

/** Proposals for what could stand at a place. */
export interface Proposals {
  /** Where the word to be replaced begins, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** Names, best first. */
  readonly candidates: readonly string[];
  /** With their kinds. */
  readonly original?: { readonly entries: readonly { readonly name: string; readonly kind: string }[] };
}

/** What came of a conversion. */
export interface ConvertResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly output?: string;
  readonly declOutput?: string;
  readonly hasToplevelAwait?: boolean;
  readonly lastExpressionVar?: string;
  readonly sideOutputs?: readonly object[];
}

/** What of tslab converts cells. */
export interface Converter {
  convert(previous: string, code: string): ConvertResult;
  inspect(previous: string, code: string, position: number): QuickInfo | undefined;
  complete(previous: string, code: string, position: number): Proposals;
  addModule(name: string, code: string, meta?: unknown): readonly Diagnostic[];
}

/** What of tslab runs cells. */
export interface Executor {
  execute(code: string): Promise<boolean>;
  interrupt(): void;
  readonly locals: Record<string, unknown>;
}
