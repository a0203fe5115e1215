import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** A CommonJS module loaded through V8's code cache. */
export interface CachedModule {
  /** What the module exports. */
  readonly exports: Record<string, unknown>;
  /**
   * Writes the cache when there was none or V8 refused it. Best called after some work: functions compiled until then
   * are part of it.
   */
  save(): void;
}

/**
 * Loads a large CommonJS module, with its compiled code from a cache file where there is one. A cache that does not
 * fit this version of Node or of the module is replaced; a folder that cannot be written is no error.
 *
 * @param path - absolute path of the module
 * @param folder - where cache files are kept
 * @returns the module, known to `require` as well
 */
export function loadThroughCache(path: string, folder: string): CachedModule {
  const source = Module.wrap(readFileSync(path, "utf8"));
  const file = join(folder, `${cacheName(path, source.length)}.bin`);
  const script = new Script(source, { filename: path, cachedData: readIfThere(file) });
  const require = createRequire(path);
  const module = new Module(path) as NodeJS.Module;
  module.filename = path;
  module.loaded = true;
  script.runInThisContext()(module.exports, require, module, path, dirname(path));
  require.cache[path] = module;
  const stale = script.cachedDataRejected !== false;
  return {
    exports: module.exports,
    save() {
      if (!stale) return;
      try {
        mkdirSync(folder, { recursive: true });
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, script.createCachedData());
        renameSync(temporary, file);
      } catch {
        // Only the next start is slower.
      }
    },
  };
}

function cacheName(path: string, length: number): string {
  const key = [path, length, process.version, process.arch, ...process.execArgv].join("\n");
  return createHash("sha256").update(key).digest("hex").slice(0, 24);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
