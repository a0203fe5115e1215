import { isBuiltin } from "node:module";
import type { FileChanges } from "./file-changes.js";

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
  /** Reads a text file; undefined when there is none. */
  readFile(path: string, encoding?: string): string | undefined;
  /** Calls back when a file changes. */
  watchFile(path: string, callback: (path: string, event: number) => void): { close(): void };
  /** Calls back when a folder changes. */
  watchDirectory(path: string, ...rest: unknown[]): { close(): void };
}

/** Settings of `transpileModule`. */
export interface TranspileSettings {
  /** Options of the compiler. */
  readonly compilerOptions: object;
}

interface Resolution {
  readonly resolvedModule?: object;
}

interface WatchHost {
  hasInvalidatedResolutions?: (path: string) => boolean;
  resolveModuleNameLiterals?: (
    literals: readonly { readonly text: string }[],
    from: string,
    redirected: unknown,
    options: object,
  ) => Resolution[];
}

/** How the view differs from the original. */
export interface ViewSettings {
  /** Folder of the notebook. */
  readonly folder: string;
  /** Files in which imported modules are looked for anew every time. */
  readonly cellFiles: ReadonlySet<string>;
  /** Watches the files of the user. */
  readonly changes: FileChanges;
  /** Options of the compiler that replace tslab's. */
  readonly options: object;
  /** Replaces `transpileModule`. */
  readonly transpileModule: TypeScript["transpileModule"];
}

/**
 * A view of TypeScript that tslab is given instead of the original, which stays as it is.
 *
 * Only files of the user are watched, not packages and folders. Modules of Node are not looked for in folders.
 *
 * @param real - TypeScript
 * @param settings - how the view differs
 * @returns the view
 */
export function viewOf(real: TypeScript, settings: ViewSettings): TypeScript {
  real.sys.useCaseSensitiveFileNames = true;
  const sys: TypeScriptSystem = Object.create(real.sys);
  const unwatched = { close() {} };
  sys.readFile = (path, encoding) =>
    path.includes("/node_modules/") ? real.sys.readFile(path, encoding) : settings.changes.read(path);
  sys.watchDirectory = () => unwatched;
  sys.watchFile = (path, callback) =>
    path.includes("/node_modules/") ? unwatched : settings.changes.watch(path, callback);
  return {
    ...real,
    sys,
    transpileModule: settings.transpileModule,
    createWatchCompilerHost(roots, given, system, ...rest) {
      const options = { ...given, ...settings.options };
      const host = real.createWatchCompilerHost(roots, options, system, ...rest);
      const packages = real.createModuleResolutionCache(settings.folder, (name) => name, options);
      host.hasInvalidatedResolutions = (path) => settings.cellFiles.has(path);
      host.resolveModuleNameLiterals = (literals, from, redirected, current) =>
        literals.map(({ text }) => {
          if (isBuiltin(text)) return {};
          const cache = from.includes("/node_modules/") ? packages : undefined;
          return real.resolveModuleName(text, from, current, system, cache, redirected);
        });
      return host;
    },
  };
}
