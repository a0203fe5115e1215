import { join } from "node:path";
import { loadConverter, loadTypeScript, metadataOf } from "../tslab/converter.js";
import type { Converter, ConvertResult, Diagnostic } from "../tslab/types.js";
import { type Completeness, completenessOf } from "./completeness.js";
import { describeName, type NameDescription } from "./describe-name.js";
import { FileChanges } from "./file-changes.js";
import type {
  CellSource,
  CodePosition,
  Completion,
  ConvertedCell,
  ProjectScript,
  Questions,
} from "./protocol.js";
import { expandShorthand } from "./shorthand.js";
import type { FileDiagnostic, TranspileSettings, TypeScript } from "./typescript.js";
import { viewOf } from "./view.js";
import { VirtualFolder } from "./virtual-folder.js";

/** Where a compiler finds what does not depend on the notebook. */
export interface CompilerPaths {
  /** Folder of the dn2 package. */
  readonly packageRoot: string;
  /** Folder of tslab's own files. */
  readonly tslab: string;
  /** TypeScript as tslab brings it; the declarations of the language lie beside it. */
  readonly typescript: string;
  /** Folder that holds the declarations of Node. */
  readonly types: string;
  /** Names of Node's modules. */
  readonly builtins: readonly string[];
}

/** How many folders deep a notebook may lie. */
const depth = 40;
/** What is in scope in every cell, as declarations. */
const prelude = 'import * as dn2 from "dn2";\n';

/**
 * Type-checks cells and turns them into JavaScript, with tslab's converter.
 *
 * Nothing of tslab is changed. It is given a view of its own TypeScript in which modules resolve as bundlers do (subpath
 * exports, and "dn2" wherever the notebook lies), and only files of the user are watched.
 */
export class Compiler {
  readonly #folder = new VirtualFolder(depth);
  readonly #typescript: TypeScript = loadTypeScript();
  readonly #changes: FileChanges;
  readonly #converter: Converter;
  #outside: FileDiagnostic[] = [];
  #scripts: ProjectScript[] = [];
  #maps: readonly string[] = [];

  /** @param paths - takes more than a second: loads the declarations of the language, of Node and of dn2 */
  constructor(paths: CompilerPaths) {
    this.#changes = new FileChanges((path) => this.#folder.real(path), this.#typescript.sys);
    this.#converter = loadConverter(this.#view(paths), paths.tslab);
  }

  /**
   * Does what a first notebook would do, so that a snapshot holds what comes of it; all but completion, which leaves a
   * collator, and snapshots cannot hold one.
   *
   * @param folder - any folder
   */
  rehearse(folder: string): void {
    this.#folder.assign(folder);
    for (const code of ["1 + 1", "const a = [1].map((x) => x + 1);\na", "dn2", "console.log(await 1)"]) {
      this.convert({ previous: "", code, names: [] });
      this.convert({ previous: "", code: "", names: [] });
    }
    this.inspect({ previous: "", code: "dn2", position: 1 });
    this.completeness({ code: "1" });
  }

  /** @returns TypeScript's version; from now on, the notebook lies in the folder */
  open({ folder }: Questions["open"]["question"]): string {
    this.#folder.assign(folder.replaceAll("\\", "/"));
    return this.#typescript.version;
  }

  /** @returns the cell as JavaScript, or what is wrong with it */
  convert({ previous, code, names }: CellSource): ConvertedCell {
    const changed = this.#changes.report();
    const metadata = metadataOf(code);
    this.#scripts = [];
    this.#maps = [];
    const result = this.#convert(previous || prelude, code, names, metadata);
    const diagnostics = [...result.diagnostics, ...this.#outside.map((found) => this.#describe(found))];
    return {
      ...(diagnostics.length === 0 ? result : {}),
      diagnostics: diagnostics.map((found) => ({
        ...found,
        messageText: this.#folder.realText(found.messageText),
      })),
      metadata,
      changed,
      scripts: this.#scripts,
      maps: this.#maps,
    };
  }

  /** @returns names that begin with what stands before the position */
  complete({ previous, code, position }: CodePosition): Completion {
    const found = this.#converter.complete(previous || prelude, code, position);
    const typed = code.slice(found.start, position);
    const candidates = found.candidates.filter((name) => name.startsWith(typed));
    const kinds = new Map(found.original?.entries.map((entry) => [entry.name, entry.kind]));
    return {
      start: found.start,
      end: found.end,
      candidates,
      kinds: candidates.map((name) => kinds.get(name) ?? "<unknown>"),
    };
  }

  /**
   * @returns what is known about the name at the position, which may also lie behind the name or inside its call's
   * parentheses; null when nothing is
   */
  inspect({ previous, code, position }: CodePosition): NameDescription | null {
    const before = code.slice(0, position).replace(/[\s(]+$/, "").length;
    for (const at of new Set([position, position - 1, before - 1])) {
      const info = at >= 0 ? this.#converter.inspect(previous || prelude, code, at) : undefined;
      if (!info) continue;
      const { plain, markdown } = describeName(info);
      // What TypeScript says of a name that it does not know.
      if (plain === "any") continue;
      return { plain: this.#folder.realText(plain), markdown: this.#folder.realText(markdown) };
    }
    return null;
  }

  /** @returns whether the code can be run as it stands */
  completeness({ code }: { readonly code: string }): Completeness {
    return completenessOf(this.#typescript, code);
  }

  #convert(
    previous: string,
    code: string,
    names: readonly string[],
    metadata: { readonly module?: string; readonly mode?: string },
  ): ConvertResult {
    if (metadata.module !== undefined) {
      return { diagnostics: this.#converter.addModule(metadata.module, code, metadata) };
    }
    if (metadata.mode === "browser") return { diagnostics: [] };
    const expanded = expandShorthand(this.#typescript, code, (name) => names.includes(name));
    return withAnyForUnnamable(expanded, (text) => {
      this.#outside = [];
      const { sideOutputs, ...result } = this.#converter.convert(previous, text);
      return result;
    });
  }

  #describe({ file, start = 0, length = 0, code, messageText }: FileDiagnostic): Diagnostic {
    const at = (offset: number) => ({
      ...this.#typescript.getLineAndCharacterOfPosition(file!, offset),
      offset,
    });
    return {
      start: at(start),
      end: at(start + length),
      code,
      messageText: this.#typescript.flattenDiagnosticMessageText(messageText, "\n"),
      fileName: this.#folder.real(file!.fileName) ?? file!.fileName,
    };
  }

  #view({ packageRoot, typescript, types, builtins }: CompilerPaths): TypeScript {
    const { ModuleResolutionKind } = this.#typescript;
    const folder = this.#folder;
    return viewOf(this.#typescript, {
      folder,
      typescript,
      builtins: new Set(builtins),
      changes: this.#changes,
      cellFiles: new Set(["__tslab__.ts", "__prev__.d.ts"].map((name) => `${folder.path}/${name}`)),
      fallback: join(packageRoot, "package.json"),
      options: {
        moduleResolution: ModuleResolutionKind.Bundler,
        customConditions: ["node"],
        allowImportingTsExtensions: true,
        paths: { dn2: [join(packageRoot, "dist", "src", "index.d.ts")] },
        types: ["node"],
        typeRoots: [types],
        rootDir: "/",
        inlineSourceMap: true,
        sourceRoot: "/",
      },
      transpileModule: (input, settings) => this.#toCommonJs(input, settings),
      onOutside: (diagnostic) => this.#outside.push(diagnostic),
    });
  }

  /** tslab compiles in two steps; the source map of the first one is at the end of its output. */
  #toCommonJs(input: string, settings: TranspileSettings): { outputText: string } {
    const marker = "//# sourceMappingURL=data:application/json;base64,";
    const at = input.lastIndexOf(marker);
    if (at < 0) return this.#typescript.transpileModule(input, settings);
    const map = Buffer.from(input.slice(at + marker.length).trim(), "base64").toString("utf8");
    const compilerOptions = { ...settings.compilerOptions, sourceMap: true };
    const output = this.#typescript.transpileModule(input.slice(0, at), { ...settings, compilerOptions });
    const code = output.outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    const maps = [output.sourceMapText as string, map];
    const source = `/${JSON.parse(map).sources[0]}`;
    if (source === `${this.#folder.path}/__tslab__.ts`) this.#maps = maps;
    else this.#scripts.push({ path: this.#folder.real(source) ?? source, code, maps });
    return { outputText: code };
  }
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
