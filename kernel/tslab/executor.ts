import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import type { ConvertResult, Diagnostic, Executor } from "./types.js";

/** What of a cell's conversion tslab's executor needs. */
export interface Converted extends ConvertResult {
  /** What comments in the cell tell tslab. */
  readonly metadata: object;
}

/** What the executor asks and tells. */
export interface ExecutorSettings {
  /** Folder of the notebook: modules are looked for from here. */
  readonly folder: string;
  /** Folder of the dn2 package. */
  readonly packageRoot: string;
  /** The conversion of the cell that is to be run. */
  readonly converted: () => Converted;
  /** Receives the value of the last expression. */
  readonly onValue: (value: unknown) => void;
  /** Receives what the cell threw. */
  readonly onThrown: (error: unknown) => void;
}

type Loader = { _load(request: string, ...rest: unknown[]): unknown };

/**
 * Loads tslab's executor. It gets cells that were converted before: the type checker lives in another process. Its runs
 * do not listen to SIGINT; see `Interrupter`.
 *
 * @param settings - what it asks and tells
 * @returns the executor
 */
export function loadExecutor(settings: ExecutorSettings): Executor {
  const { folder, packageRoot, converted, onValue, onThrown } = settings;
  const require = createRequire(join(packageRoot, "package.json"));
  const replaced: Record<string, object> = {
    vm: { ...vm, runInThisContext: (code: string) => vm.runInThisContext(code) },
    "./metadata": { getCodeMetadata: () => converted().metadata },
  };
  const { createExecutor } = withReplaced(replaced, () =>
    require(join(tslabFolder(packageRoot), "executor.js")),
  );
  const converter = {
    convert: (): ConvertResult => converted(),
    addModule: (): readonly Diagnostic[] => converted().diagnostics,
    close() {},
  };
  return createExecutor(
    folder,
    { node: converter, browser: converter, close() {} },
    {
      log: onValue,
      error: (...args: unknown[]) => {
        if (args.length === 1) onThrown(args[0]);
      },
    },
  );
}

/**
 * @param packageRoot - folder of the dn2 package
 * @returns folder of tslab's own files
 */
export function tslabFolder(packageRoot: string): string {
  return dirname(createRequire(join(packageRoot, "package.json")).resolve("tslab"));
}

/**
 * Says where display calls of the tslab package go.
 *
 * @param packageRoot - folder of the dn2 package
 * @param write - receives bundle, metadata, display id and whether it is an update
 */
export function onTslabDisplay(
  packageRoot: string,
  write: (
    data: Record<string, unknown>,
    metadata: Record<string, unknown>,
    id: string | undefined,
    update: boolean,
  ) => void,
): void {
  const path = join(tslabFolder(packageRoot), "jupyter.js");
  const module = new Module(path) as NodeJS.Module;
  module.filename = path;
  module.loaded = true;
  module.exports = {
    lastWriteDisplayData(
      content: {
        data: Record<string, unknown>;
        metadata: Record<string, unknown>;
        transient?: { display_id?: string };
      },
      update?: boolean,
    ) {
      write(content.data, content.metadata, content.transient?.display_id, update === true);
    },
  };
  createRequire(path).cache[path] = module;
}

function withReplaced<T>(replaced: Record<string, object>, load: () => T): T {
  const loader = Module as unknown as Loader;
  const original = loader._load;
  loader._load = (request, ...rest) => replaced[request] ?? original.call(Module, request, ...rest);
  try {
    return load();
  } finally {
    loader._load = original;
  }
}
