/** The parts of TypeScript's namespace that the kernel uses. */
export interface TypeScript {
  /** Its version. */
  readonly version: string;
  /** Versions of the language. */
  readonly ScriptTarget: { readonly Latest: number };
  /** Kinds of nodes. */
  readonly SyntaxKind: { readonly ShorthandPropertyAssignment: number };
  /** Ways to find modules. */
  readonly ModuleResolutionKind: { readonly Bundler: number };
  /** Its view of the machine. */
  readonly sys: TypeScriptSystem;
  /** Parses. */
  createSourceFile(name: string, text: string, target: number, parents: boolean): object;
  /** Visits the parts of a node. */
  forEachChild<T>(node: T, visit: (child: T) => void): void;
  /** Makes what keeps a program up to date. */
  createWatchCompilerHost(
    roots: unknown,
    options: object,
    system: TypeScriptSystem,
    ...rest: unknown[]
  ): WatchHost;
  /** Begins to keep a program up to date. */
  createWatchProgram(host: WatchHost): object;
  /** Complaints about files, of every kind. */
  getPreEmitDiagnosticsOfFiles(program: object, files: readonly SourceFile[]): readonly FileDiagnostic[];
  /** Line and character of an offset, from 0. */
  getLineAndCharacterOfPosition(file: SourceFile, position: number): { line: number; character: number };
  /** Text of a complaint. */
  flattenDiagnosticMessageText(text: unknown, newLine: string): string;
  /** Makes a memory for `resolveModuleName`. */
  createModuleResolutionCache(folder: string, canonical: (name: string) => string, options: object): object;
  /** Finds the file of a module. */
  resolveModuleName(
    name: string,
    from: string,
    options: object,
    system: TypeScriptSystem,
    cache: object | undefined,
    redirected: unknown,
  ): Resolution;
  /** Compiles one file without looking at others. */
  transpileModule(input: string, settings: TranspileSettings): { outputText: string; sourceMapText?: string };
}

/** TypeScript's view of the machine. */
export interface TypeScriptSystem {
  /** Whether a.ts and A.ts are different files. */
  useCaseSensitiveFileNames: boolean;
  getCurrentDirectory(): string;
  getExecutingFilePath(): string;
  readFile(path: string, encoding?: string): string | undefined;
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  getDirectories(path: string): string[];
  readDirectory(path: string, ...rest: unknown[]): string[];
  realpath?(path: string): string;
  getModifiedTime?(path: string): Date | undefined;
  watchFile(path: string, callback: (path: string, event: number) => void): { close(): void };
  watchDirectory(path: string, ...rest: unknown[]): { close(): void };
}

/** A file of a program. */
export interface SourceFile {
  /** Its path. */
  readonly fileName: string;
}

/** A complaint about a place in a file. */
export interface FileDiagnostic {
  readonly file?: SourceFile;
  readonly start?: number;
  readonly length?: number;
  readonly code: number;
  readonly messageText: unknown;
}

/** Settings of `transpileModule`. */
export interface TranspileSettings {
  /** Options of the compiler. */
  readonly compilerOptions: object;
}

/** Where a module was found. */
export interface Resolution {
  /** The file; undefined: nowhere. */
  readonly resolvedModule?: object;
}

/** Receives a file that was made. */
export type WriteFile = (name: string, text: string, ...rest: unknown[]) => void;

/** A program with what is needed to make files of it. */
export interface Builder {
  /** Makes the files of a source file. */
  emit(file: SourceFile, write: WriteFile, ...rest: unknown[]): unknown;
}

/** What TypeScript asks of whoever has it keep a program up to date. */
export interface WatchHost {
  hasInvalidatedResolutions?: (path: string) => boolean;
  resolveModuleNameLiterals?: (
    literals: readonly { readonly text: string }[],
    from: string,
    redirected: unknown,
    options: object,
  ) => Resolution[];
  afterProgramCreate?: (builder: Builder) => void;
}
