import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { CompilerProcess } from "../compiler/compiler-process.js";
import type { Completeness } from "../compiler/completeness.js";
import type { NameDescription } from "../compiler/describe-name.js";
import type { Completion, ConvertedCell } from "../compiler/protocol.js";
import { type Converted, loadExecutor } from "../tslab/executor.js";
import type { Executor } from "../tslab/types.js";
import { ProjectModules } from "./project-modules.js";
import type { SourcePositions } from "./source-positions.js";

/** Settings of `Session`. */
export interface SessionSettings {
  /** Compiles the cells. */
  readonly compiler: CompilerProcess;
  /** Folder of the dn2 package. */
  readonly packageRoot: string;
  /** Learns where the generated scripts come from. */
  readonly positions: SourcePositions;
  /** Receives the value of a cell's last expression. */
  readonly onValue: (value: unknown) => void;
  /** Receives what a cell threw. */
  readonly onThrown: (error: unknown) => void;
}

const addedByTslab = 1;

/** What cells share: variables, and declarations of them. Cells are compiled in one process and run in this one. */
export class Session {
  readonly #settings: SessionSettings;
  readonly #compiler: CompilerProcess;
  readonly #modules: ProjectModules;
  readonly #executor: Executor;
  #converted: Converted = { diagnostics: [], metadata: {} };
  #previous = "";

  /** @param settings - folders and receivers */
  constructor(settings: SessionSettings) {
    const { compiler, packageRoot, onValue, onThrown } = settings;
    this.#settings = settings;
    this.#compiler = compiler;
    this.#modules = new ProjectModules(packageRoot);
    this.#executor = loadExecutor({
      folder: compiler.folder,
      packageRoot,
      onValue,
      onThrown,
      converted: () => this.#converted,
    });
    this.#provideDn2();
  }

  /** Settled once the compiler is ready. */
  get ready(): Promise<unknown> {
    return this.#compiler.ready;
  }

  /** Loads the dn2 package; what goes wrong is told when a cell uses it. */
  loadDn2(): void {
    try {
      createRequire(join(this.#settings.packageRoot, "package.json"))("dn2");
    } catch {
      // See above.
    }
  }

  /**
   * Type-checks a cell.
   *
   * @param code - the cell
   * @returns the cell as JavaScript, or what is wrong with it
   */
  async convert(code: string): Promise<ConvertedCell> {
    const names = Object.keys(this.#executor.locals);
    const converted = await this.#compiler.ask("convert", { previous: this.#previous, code, names });
    this.#modules.update(converted.scripts, converted.changed);
    for (const { path, maps } of converted.scripts) {
      this.#settings.positions.add(path, { where: path, addedLines: 0, maps });
    }
    return converted;
  }

  /**
   * Runs a cell; the part before the first await has run on return.
   *
   * @param scriptName - name of the script in stack traces
   * @param label - how messages call the cell
   * @param code - the cell
   * @param converted - the cell as JavaScript
   * @returns whether it ended without an error
   */
  async execute(
    scriptName: string,
    label: string,
    code: string,
    { output, maps, ...converted }: ConvertedCell,
  ): Promise<boolean> {
    this.#settings.positions.add(scriptName, { where: label, text: code, addedLines: addedByTslab, maps });
    this.#converted = { ...converted, output: output && `${output}//# sourceURL=${scriptName}\n` };
    const succeeded = await this.#executor.execute(code);
    if (succeeded && "declOutput" in converted) this.#previous = converted.declOutput ?? "";
    return succeeded;
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units
   * @returns what could stand at the position
   */
  complete(code: string, position: number): Promise<Completion> {
    return this.#compiler.ask("complete", { previous: this.#previous, code, position });
  }

  /**
   * @param code - what was typed
   * @param position - in UTF-16 units
   * @returns what is known about the name at the position; null when nothing is
   */
  inspect(code: string, position: number): Promise<NameDescription | null> {
    return this.#compiler.ask("inspect", { previous: this.#previous, code, position });
  }

  /**
   * @param code - what was typed
   * @returns whether it can be run as it stands
   */
  completeness(code: string): Promise<Completeness> {
    return this.#compiler.ask("completeness", { code });
  }

  /** Makes a cell that awaits fail. */
  interrupt(): void {
    this.#executor.interrupt();
  }

  /** Gives up a type check that does not end; what cells left behind is kept. */
  restartCompiler(): void {
    this.#compiler.stop();
  }

  /** Values of top-level names live on one object; `dn2` is loaded when a cell first names it. */
  #provideDn2(): void {
    const { packageRoot } = this.#settings;
    const entry = join(packageRoot, "dist", "src", "index.js");
    const require = createRequire(join(packageRoot, "package.json"));
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
}
