import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wrongImports } from "./import-direction.js";
import { filesIn, importsOf, root } from "./sources.js";

const files = filesIn(["src", "kernel", "cli"], /\.ts$/);
const imports = new Map(files.map((path) => [path, importsOf(path)]));

test("imports go only the allowed way", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((path) => wrongImports(path, imports.get(path) ?? []))).toEqual([]);
});

test("every import of an own file leads to a file", () => {
  const missing = files.flatMap((path) =>
    (imports.get(path) ?? [])
      .filter(({ target }) => /^(src|kernel|cli)\//.test(target) && !existsSync(join(root, target)))
      .map(({ target }) => `${path} imports ${target}`),
  );
  expect(missing).toEqual([]);
});

test("what runs in a browser imports nothing of Node and no package", () => {
  const seen = new Set<string>();
  const visit = (path: string, from: string): string[] => {
    if (seen.has(path)) return [];
    seen.add(path);
    return (imports.get(path) ?? [])
      .filter(({ typeOnly }) => !typeOnly)
      .flatMap(({ target }) =>
        /^(src|kernel)\//.test(target) ? visit(target, path) : [`${path} (from ${from}) imports ${target}`],
      );
  };
  const entries = files.filter((path) => /^(src|kernel)\/.*\/browser\//.test(path));
  expect(entries.flatMap((path) => visit(path, "itself"))).toEqual([]);
});

test.each([
  ["src/images/a.ts", 'import { x } from "../plots/b.js";', "images comes before plots"],
  ["src/core/a.ts", 'export * from "../index.js";', "core comes before index.ts"],
  ["src/core/a.ts", 'const load = () => import("../engines/b.js");', "core comes before engines"],
  [
    "src/plots/a.ts",
    'import type { Engine } from "../engines/engine.js";',
    "plots never compute on an engine",
  ],
  ["src/widgets/a.ts", 'import { readFileSync } from "node:fs";', "widgets read no files"],
  ["src/extra/a.ts", 'import "../core/b.js";', "src/extra has no place in the order"],
  ["src/plots/a.ts", 'import "../../kernel/b.js";', "src/ imports nothing outside src/"],
  ["src/index.ts", 'import "../cli/b.js";', "src/ imports nothing outside src/"],
  ["kernel/run/a.ts", 'import "../../cli/b.js";', "the kernel imports nothing of commands, tests and tools"],
  ["cli/a.ts", 'import "../test/b.js";', "the commands import nothing of tests and tools"],
  ["kernel/wire/a.ts", 'type T = import("../../src/metrics/b.js").T;', "of src/, the kernel knows only core"],
])("%s with %s is told", (path, text, problem) => {
  expect(wrongImports(path, importsOf(path, text))).toEqual([expect.stringContaining(problem)]);
});

test("an import of the own folder, of a folder before it and of a package is fine", () => {
  const text =
    'import a from "./a.js"; import b from "../core/b.js"; import c from "image-js"; export { d } from "node:fs";';
  expect(wrongImports("src/images/x.ts", importsOf("src/images/x.ts", text))).toEqual([]);
  const both =
    'import { a } from "../src/protocols/index.js"; const b = import("../kernel/run/run-notebook.js");';
  expect(wrongImports("cli/x.ts", importsOf("cli/x.ts", both))).toEqual([]);
});
