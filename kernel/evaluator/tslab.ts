import { existsSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join, resolve } from "node:path";
import vm from "node:vm";
import { type CachedModule, loadThroughCache } from "./compile-cache.js";
import { critical } from "./critical.js";
import { FileChanges } from "./file-changes.js";
import { expandShorthand } from "./shorthand.js";
import type { SourcePositions } from "./source-positions.js";
import type { Converter, ConvertResult, Diagnostic, Executor, Proposals, QuickInfo } from "./tslab-types.js";
import { type TranspileSettings, type TypeScript, viewOf } from "./typescript.js";

/** Settings of `Tslab`. */
export interface TslabOptions {
  /** Folder of the notebook: imports are resolved from here. */
  readonly folder: string;
  /** Folder of the dn2 package. */
  readonly packageRoot: string;
  /** Learns where the generated scripts come from. */
  readonly positions: SourcePositions;
  /** Receives the value of a cell's last expression. */
  readonly onValue: (value: unknown) => void;
  /** Receives what a cell threw. */
  readonly onThrown: (error: unknown) => void;
  /** Receives the type checker's complaints about a cell. */
  readonly onDiagnostics: (diagnostics: readonly Diagnostic[]) => void;
}

/** What is in scope in every cell, as declarations. */
const prelude = 'import * as dn2 from "dn2";\n';
const addedByTslab = 1;

/**
 * tslab's converter and executor: the only place of the project that knows tslab's files and its TypeScript.
 *
 * Nothing of tslab is changed. It is given a view of its own TypeScript in which modules resolve as bundlers do
 * (subpath exports, and "dn2" wherever the notebook lies), scripts carry names and source maps, and only files of the
 * user are watched.
 */
export class Tslab {
  readonly #changes = new FileChanges((path) => this.typescript.sys.readFile(path));
  readonly #options: TslabOptions;
  readonly #compiler: CachedModule;
  readonly #executor: Executor;
  readonly #converter: Converter;
  #cell = { scriptName: "", label: "", code: "" };

  /** @param options - folders and receivers; takes a second, loading TypeScript and the declarations of Node */
  constructor(options: TslabOptions) {
    this.#options = options;
    const require = createRequire(join(options.packageRoot, "package.json"));
    const dist = dirname(require.resolve("tslab"));
    const compilerPath = createRequire(join(dist, "x.js")).resolve("@tslab/typescript-for-tslab");
    this.#compiler = loadThroughCache(compilerPath, join(options.packageRoot, ".cache", "kernel"));
    require.cache[compilerPath]!.exports = this.#view(dist);
    const { createConverter } = require(join(dist, "converter.js"));
    const { createExecutor } = requireWithOwnVm(require, join(dist, "executor.js"));
    this.#converter = createConverter({}) as Converter;
    const converters = { node: this.#withPrelude(this.#converter), browser: this.#converter, close() {} };
    const report = {
      log: options.onValue,
      error: (...args: unknown[]) => {
        if (args.length === 1) options.onThrown(args[0]);
      },
    };
    this.#executor = createExecutor(options.folder, converters, report) as Executor;
    this.#provideDn2();
  }

  /** TypeScript as tslab uses it. */
  get typescript(): TypeScript {
    return this.#compiler.exports as unknown as TypeScript;
  }

  /**
   * Runs code; the part before the first await has run on return.
   *
   * @param scriptName - name of the script in stack traces
   * @param label - how messages call the cell
   * @param code - the cell
   * @returns whether it ended without an error
   */
  execute(scriptName: string, label: string, code: string): Promise<boolean> {
    this.#cell = { scriptName, label, code };
    return this.#executor.execute(code);
  }

  /**
   * @param code - a cell
   * @param position - in UTF-16 units
   * @returns what is known about the name at the position
   */
  inspect(code: string, position: number): QuickInfo | undefined {
    return critical(() => this.#executor.inspect(code, position));
  }

  /**
   * @param code - a cell
   * @param position - in UTF-16 units
   * @returns what could stand there
   */
  complete(code: string, position: number): Proposals {
    return critical(() => this.#executor.complete(code, position));
  }

  /** Makes a cell that awaits fail. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Type-checks an empty cell, which makes the first real one faster, and keeps compiled code for the next start. */
  warmUp(): void {
    critical(() => this.#converter.convert(prelude, "const warm = [1].map((x) => x + 1);\nwarm"));
    this.#compiler.save();
  }

  /** Ends the watching of files. */
  close(): void {
    this.#converter.close();
  }

  /**
   * Where display calls of the tslab package go.
   *
   * @param write - receives bundle, metadata, display id and whether it is an update
   */
  onTslabDisplay(
    write: (
      data: Record<string, unknown>,
      metadata: Record<string, unknown>,
      id: string | undefined,
      update: boolean,
    ) => void,
  ): void {
    const require = createRequire(join(this.#options.packageRoot, "package.json"));
    const path = join(dirname(require.resolve("tslab")), "jupyter.js");
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
    require.cache[path] = module;
  }

  #withPrelude(converter: Converter): Converter {
    const before = (previous: string): string => previous || prelude;
    return {
      convert: (previous, code) => {
        this.#changes.report();
        const expanded = expandShorthand(this.typescript, code, (name) => name in this.#executor.locals);
        const convert = (text: string): ConvertResult => converter.convert(before(previous), text);
        const result = critical(() => withAnyForUnnamable(expanded, convert));
        if (result.diagnostics.length > 0) this.#options.onDiagnostics(result.diagnostics);
        return result;
      },
      inspect: (previous, code, position) => converter.inspect(before(previous), code, position),
      complete: (previous, code, position) => converter.complete(before(previous), code, position),
      addModule: (name, code, meta) => {
        const diagnostics = critical(() => converter.addModule(name, code, meta));
        if (diagnostics.length > 0) this.#options.onDiagnostics(diagnostics);
        return diagnostics;
      },
      close: () => converter.close(),
    };
  }

  /** Values of top-level names live on one object; `dn2` is loaded when a cell first names it. */
  #provideDn2(): void {
    const entry = join(this.#options.packageRoot, "dist", "src", "index.js");
    const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
    const resolveFilename = loader._resolveFilename;
    loader._resolveFilename = function (this: unknown, request, ...rest) {
      return request === "dn2" ? entry : resolveFilename.call(this, request, ...rest);
    };
    const require = createRequire(join(this.#options.packageRoot, "package.json"));
    Object.setPrototypeOf(this.#executor.locals, {
      get dn2() {
        if (!existsSync(entry)) {
          throw new Error(
            `the dn2 package is not built: ${entry} is missing; run npm run build in its folder`,
          );
        }
        return require("dn2");
      },
      set dn2(value: unknown) {
        Object.defineProperty(this, "dn2", { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }

  #view(dist: string): TypeScript {
    const { folder, packageRoot } = this.#options;
    return viewOf(this.typescript, {
      folder,
      changes: this.#changes,
      cellFiles: new Set(["__tslab__.ts", "__prev__.d.ts"].map((name) => resolve(folder, name))),
      options: {
        moduleResolution: this.typescript.ModuleResolutionKind.Bundler,
        customConditions: ["node"],
        paths: { dn2: [join(packageRoot, "dist", "src", "index.d.ts")] },
        types: ["node"],
        typeRoots: [typeRoot(packageRoot, dist)],
        inlineSourceMap: true,
        sourceRoot: "/",
      },
      transpileModule: (input, settings) => this.#toCommonJs(input, settings),
    });
  }

  #toCommonJs(input: string, settings: TranspileSettings): { outputText: string } {
    const marker = "//# sourceMappingURL=data:application/json;base64,";
    const at = input.lastIndexOf(marker);
    if (at < 0) return this.typescript.transpileModule(input, settings);
    const map = Buffer.from(input.slice(at + marker.length).trim(), "base64").toString("utf8");
    const compilerOptions = { ...settings.compilerOptions, sourceMap: true };
    const output = this.typescript.transpileModule(input.slice(0, at), { ...settings, compilerOptions });
    const code = output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    const maps = [output.sourceMapText as string, map];
    const source: string = JSON.parse(map).sources[0];
    if (source === "__tslab__.ts") {
      const { scriptName, label, code: text } = this.#cell;
      this.#options.positions.add(scriptName, { where: label, text, addedLines: addedByTslab, maps });
      return { outputText: `${code}//# sourceURL=${scriptName}\n` };
    }
    const path = resolve(this.#options.folder, source);
    const name = path.replace(/\.tsx?$/, ".js");
    this.#options.positions.add(name, { where: path, addedLines: 0, maps });
    return { outputText: code };
  }
}

/** Loads tslab's executor such that its runs do not listen to SIGINT; see `Interrupter`. */
function requireWithOwnVm(
  require: NodeJS.Require,
  path: string,
): Record<string, (...args: unknown[]) => unknown> {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  const ownVm = { ...vm, runInThisContext: (code: string) => vm.runInThisContext(code) };
  loader._load = (request, ...rest) => (request === "vm" ? ownVm : load.call(Module, request, ...rest));
  try {
    return require(path);
  } finally {
    loader._load = load;
  }
}

/** The project's declarations of Node, else those that tslab brings. */
function typeRoot(packageRoot: string, dist: string): string {
  const own = join(packageRoot, "node_modules", "@types");
  return existsSync(join(own, "node")) ? own : join(dist, "..", "node_modules", "@types");
}

/**
 * tslab keeps the types of variables as declarations. A variable whose type has no name outside its own module would
 * be an error (TS4023 and the like); it becomes `any` instead.
 */
function withAnyForUnnamable(code: string, convert: (code: string) => ConvertResult): ConvertResult {
  let text = code;
  for (;;) {
    const result = convert(text);
    const unnamable = result.diagnostics.filter(({ code: number }) => number >= 4000 && number < 5000);
    const ends = new Set(unnamable.map(({ end }) => end.offset));
    const typed = text.replace(/(?=\s*=[^=>])/g, (_, at: number) => (ends.has(at) ? ": any" : ""));
    if (unnamable.length < result.diagnostics.length || typed === text) return result;
    text = typed;
  }
}
