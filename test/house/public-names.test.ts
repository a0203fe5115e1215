import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { publicNames } from "./public-names.js";
import { filesIn, root } from "./sources.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(!existsSync(join(root, "src", "index.ts")))("every public name has a docstring", () => {
  const names = publicNames(join(root, "src", "index.ts"));
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter(({ documentation }) => documentation === "").map(({ name }) => name)).toEqual([]);
});

test.skipIf(!existsSync(join(root, "src", "index.ts")))(
  "the public module is made of each folder's public.ts, which names every export",
  () => {
    const lines = readFileSync(join(root, "src", "index.ts"), "utf8")
      .trimEnd()
      .split("\n");
    const modules = lines.map((line) => /^export \* from "\.\/(\w+\/public)\.js";$/.exec(line)?.[1]);
    expect(modules).toEqual(filesIn(["src"], /\/public\.ts$/).map((path) => path.slice(4, -3)));
    for (const module of modules) {
      expect(readFileSync(join(root, "src", `${module}.ts`), "utf8")).not.toMatch(/export \*/);
    }
  },
);

test("re-exported values and types are told apart, and a missing docstring is seen", () => {
  writeFileSync(
    join(folder, "a.ts"),
    "/** A number. */\nexport const one = 1;\n/** A shape. */\nexport interface Shape {}\nexport function bare() {}\n",
  );
  writeFileSync(join(folder, "index.ts"), 'export { one, type Shape, bare as renamed } from "./a.js";\n');
  expect(publicNames(join(folder, "index.ts"))).toEqual([
    { name: "one", isValue: true, documentation: "A number." },
    { name: "Shape", isValue: false, documentation: "A shape." },
    { name: "renamed", isValue: true, documentation: "" },
  ]);
});
