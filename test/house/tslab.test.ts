import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type TypeScript from "typescript";
import { afterAll, expect, test } from "vitest";
import { publicNames } from "./public-names.js";
import { root } from "./sources.js";

const declarations = join(root, "dist", "src", "index.d.ts");
const built = existsSync(declarations) && existsSync(join(root, "node_modules", "dn2"));
if (!built) console.log("the package is not built, so plain tslab is not tried on it (npm run setup)");

/** Both load the declarations of every dependency, which takes minutes on a busy machine. */
const slowMs = 300_000;

const folder = mkdtempSync(join(tmpdir(), "dn2-tslab-"));
afterAll(() => rmSync(folder, { recursive: true }));

function cell(): string {
  const names = publicNames(declarations);
  const values = names.filter(({ isValue }) => isValue).map(({ name }) => name);
  const types = names.filter(({ isValue }) => !isValue).map(({ name }) => name);
  return [
    `import { ${values.join(", ")} } from "dn2";`,
    `import type { ${types.join(", ")} } from "dn2";`,
    `const missing = Object.entries({ ${values.join(", ")} }).filter(([, value]) => value === undefined);`,
    'console.log("missing:", missing.length);',
  ].join("\n");
}

test.skipIf(!built)(
  "a cell that imports every public name runs under plain tslab",
  { timeout: slowMs },
  () => {
    const script = join(root, "test", "house", "run-in-tslab.cjs");
    const ran = spawnSync(process.execPath, [script], {
      input: cell(),
      encoding: "utf8",
      cwd: join(root, "notebooks"),
    });
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toContain("missing: 0");
  },
);

test.skipIf(!built)(
  "the declarations hold under tslab's own TypeScript and module resolution",
  { timeout: slowMs },
  () => {
    const ts: typeof TypeScript = createRequire(import.meta.url)("@tslab/typescript-for-tslab");
    const path = join(root, "test", "house", ".cell.ts");
    writeFileSync(join(folder, "cell.ts"), cell());
    const options: TypeScript.CompilerOptions = {
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.NodeJs,
      target: ts.ScriptTarget.ES2020,
      lib: ["lib.es2022.d.ts"],
      types: ["node"],
      typeRoots: [join(root, "node_modules", "@types")],
      esModuleInterop: true,
      strict: true,
      noEmit: true,
    };
    const host = ts.createCompilerHost(options);
    const { fileExists, readFile, getSourceFile } = host;
    const real = (name: string) => (name === path ? join(folder, "cell.ts") : name);
    host.fileExists = (name) => fileExists(real(name));
    host.readFile = (name) => readFile(real(name));
    host.getSourceFile = (name, ...rest) => getSourceFile(real(name), ...rest);
    const program = ts.createProgram([path], options, host);
    const own = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.includes("/dist/") && !fileName.includes("/node_modules/"));
    expect(own.length).toBeGreaterThan(20);
    const problems = [...own, program.getSourceFile(path)].flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]);
    expect(
      problems.map(
        ({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
      ),
    ).toEqual([]);
  },
);
