import { createRequire, Module } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { ProjectScript } from "../compiler/protocol.js";

type Compile = (module: LoadedModule, path: string) => void;

interface LoadedModule extends NodeJS.Module {
  _compile(code: string, path: string): void;
}

interface Loader {
  _resolveFilename(request: string, parent: unknown, ...rest: unknown[]): string;
  readonly _extensions: Record<string, Compile>;
}

const compiledExtensions = [".ts", ".tsx", ".jsx", ".js"];

/**
 * Lets cells, and files that they import, load TypeScript files of the project like any module of Node. A file that
 * changed is loaded anew when it is imported again, and so is every file that imports it.
 */
export class ProjectModules {
  readonly #code = new Map<string, string>();
  readonly #cache: NodeJS.Dict<NodeJS.Module>;
  readonly #packageRoot: string;
  readonly #packageEntry: string;

  /**
   * Takes part in Node's loading of modules.
   *
   * @param packageRoot - folder of the dn2 package: "dn2" is found wherever the notebook lies, and so are packages that
   * dn2 itself uses where the notebook's folder has none of that name
   */
  constructor(packageRoot: string) {
    this.#packageRoot = packageRoot;
    this.#packageEntry = join(packageRoot, "dist", "src", "index.js");
    this.#cache = createRequire(join(packageRoot, "package.json")).cache;
    this.#compileOwn();
    this.#resolveOwn();
  }

  /**
   * @param scripts - compiled files of the project, new or changed
   * @param changed - paths of other files that changed
   */
  update(scripts: readonly ProjectScript[], changed: readonly string[]): void {
    const outdated = new Set(changed);
    for (const { path, code } of scripts) {
      if (this.#code.get(path) !== code) outdated.add(path);
      this.#code.set(path, code);
    }
    for (let size = -1; size !== outdated.size; ) {
      size = outdated.size;
      for (const [path, module] of Object.entries(this.#cache)) {
        if (module?.children.some((child) => outdated.has(child.filename))) outdated.add(path);
      }
    }
    for (const path of outdated) delete this.#cache[path];
  }

  #compileOwn(): void {
    const { _extensions } = Module as unknown as Loader;
    for (const extension of compiledExtensions) {
      const original = _extensions[extension] ?? _extensions[".js"];
      _extensions[extension] = (module, path) => {
        const code = this.#code.get(path);
        if (code === undefined) original(module, path);
        else module._compile(code, path);
      };
    }
  }

  #resolveOwn(): void {
    const loader = Module as unknown as Loader;
    const original = loader._resolveFilename;
    const packageRequire = createRequire(join(this.#packageRoot, "package.json"));
    loader._resolveFilename = (request, parent, ...rest) => {
      if (request === "dn2") return this.#packageEntry;
      try {
        return original.call(loader, request, parent, ...rest);
      } catch (error) {
        const from = (parent as NodeJS.Module | undefined)?.filename;
        if (!from || from.includes("/node_modules/")) throw error;
        if (/^\.{0,2}\//.test(request)) {
          const path = this.#withoutFile(resolve(dirname(from), request));
          if (path) return path;
          throw error;
        }
        try {
          return packageRequire.resolve(request);
        } catch {
          throw error;
        }
      }
    };
  }

  /** "./a.js" may name the file a.ts, and a cell may have declared a module, which has no file. */
  #withoutFile(path: string): string | undefined {
    const named = path.replace(/\.jsx?$/, "");
    return [`${named}.ts`, `${named}.tsx`, `${path}.ts`, `${path}.tsx`].find((name) => this.#code.has(name));
  }
}
