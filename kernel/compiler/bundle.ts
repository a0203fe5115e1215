import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { compilerBundle } from "./snapshot.js";

/** tslab's files get TypeScript and their own folder from kernel/tslab/converter.ts. */
const tslabInBundle = {
  name: "tslab",
  setup(build: import("esbuild").PluginBuild): void {
    const given = 'globalThis[Symbol.for("dn2.tslab")]';
    build.onResolve({ filter: /^@tslab\/typescript-for-tslab$/ }, ({ importer }) =>
      /[\\/]tslab[\\/]dist[\\/]/.test(importer) ? { path: "typescript", namespace: "given" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "given" }, () => ({
      contents: `module.exports = ${given}.typescript;`,
    }));
    build.onLoad({ filter: /[\\/]tslab[\\/]dist[\\/]\w+\.js$/ }, async ({ path }) => ({
      contents: `const __dirname = ${given}.folder;\n${await readFile(path, "utf8")}`,
    }));
  },
};

/** Joins the compiler and all that it loads into one file. */
export async function bundleCompiler(): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(packageRoot, "dist", "kernel", "compiler", "main.js")],
    outfile: compilerBundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    keepNames: false,
    legalComments: "none",
    logLevel: "error",
    plugins: [tslabInBundle],
  });
}
