import { chmodSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { SetupError } from "./setup-error.mjs";
import { hashOf, readState, recordStep } from "./state.mjs";

const sourceFolders = ["src", "kernel", "cli"];

/** Programs for the browser, each made of a source file and all that it imports. */
const browserPrograms = [
  { source: "src/widgets/browser/explorer.ts", made: "browser/explorer.js", format: "esm" },
  { source: "src/widgets/browser/jupyterlab.ts", made: "browser/jupyterlab.js", format: "iife" },
];

/** @type {import("./context.mjs").Step} */
export const build = {
  name: "build",
  title: "build",
  needs: ["npm-packages"],
  async run({ paths, runner }) {
    const sources = sourceFiles(paths.root);
    const key = sourcesKey(paths.root, sources);
    const made = () =>
      ["src/index.js", "cli/dn2.js", "kernel/compiler.cjs"].every((name) =>
        existsSync(join(paths.dist, name)),
      );
    const bundled = () => browserPrograms.every((program) => existsSync(join(paths.dist, program.made)));
    if (readState(paths.state).build?.key === key && made() && bundled()) return { detail: "up to date" };
    removeStale(paths.dist, sources);
    if (!made()) rmSync(join(paths.dist, ".tsbuildinfo"), { force: true });
    const tsc = join(paths.modules, "typescript", "bin", "tsc");
    const compiled = await runner.run("build", process.execPath, [tsc, "-p", "tsconfig.build.json"], {
      cwd: paths.root,
      timeoutMs: 10 * 60_000,
    });
    if (compiled.code !== 0) {
      const first =
        compiled.output.split("\n").find((line) => line.includes("error TS")) ?? "see .dn2/log/build.log";
      throw new SetupError(
        `the sources do not compile (${first.trim()})`,
        "correct them, or restore them from git",
      );
    }
    if (existsSync(paths.cli)) chmodSync(paths.cli, 0o755);
    await bundle(paths);
    await prepareCompiler(paths.dist);
    recordStep(paths.state, "build", { key, available: true, detail: `${sources.length} files` });
    return { detail: `${sources.length} files` };
  },
};

/**
 * Makes the programs for the browser.
 *
 * @param {import("./paths.mjs").Paths} paths
 */
async function bundle(paths) {
  const module = join(paths.modules, "esbuild", "lib", "main.js");
  /** @type {typeof import("esbuild")} */
  const esbuild = await import(pathToFileURL(module).href);
  for (const { source, made, format } of browserPrograms) {
    try {
      await esbuild.build({
        entryPoints: [join(paths.root, source)],
        outfile: join(paths.dist, made),
        absWorkingDir: paths.root,
        bundle: true,
        minify: true,
        legalComments: "none",
        charset: "utf8",
        target: "es2022",
        format: /** @type {"esm" | "iife"} */ (format),
        logLevel: "silent",
      });
    } catch (error) {
      throw new SetupError(
        `the browser program ${source} cannot be made (${error instanceof Error ? error.message : error})`,
        "correct it, or restore it from git",
      );
    }
  }
}

/**
 * Joins the type checker of the kernel into one file, and takes a snapshot of it that starts faster. Where this Node
 * cannot take one, the kernel starts without.
 *
 * @param {string} dist
 */
async function prepareCompiler(dist) {
  const load = (/** @type {string} */ name) =>
    import(pathToFileURL(join(dist, "kernel", "compiler", name)).href);
  const { bundleCompiler } = await load("bundle.js");
  await bundleCompiler();
  const { buildSnapshot } = await load("snapshot.js");
  await buildSnapshot().catch(() => false);
}

/**
 * @param {import("./paths.mjs").Paths} paths
 * @returns {boolean} true when dist/ was made from the sources as they are
 */
export function isBuilt(paths) {
  const key = sourcesKey(paths.root, sourceFiles(paths.root));
  const bundled = browserPrograms.every(({ made }) => existsSync(join(paths.dist, made)));
  return existsSync(paths.cli) && bundled && readState(paths.state).build?.key === key;
}

/**
 * @param {string} root
 * @returns {string[]} the source files, relative to the root, sorted
 */
function sourceFiles(root) {
  return sourceFolders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => /\.(ts|js|css)$/.test(name))
    .sort();
}

/**
 * @param {string} root
 * @param {string[]} sources
 */
function sourcesKey(root, sources) {
  const inputs = [...sources, "tsconfig.json", "tsconfig.build.json", "package-lock.json"];
  return hashOf(
    ...inputs.map((name) => {
      const stat = statSync(join(root, name), { throwIfNoEntry: false });
      return `${name} ${stat?.size} ${stat?.mtimeMs}`;
    }),
  );
}

/**
 * Removes what was compiled from sources that are gone.
 *
 * @param {string} dist
 * @param {string[]} sources
 */
function removeStale(dist, sources) {
  if (!existsSync(dist)) return;
  const stems = new Set(sources.map((name) => name.replace(/\.\w+$/, "")));
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const stem = relative(dist, join(dist, name)).replace(/(\.d)?\.(js|ts)(\.map)?$/, "");
    const compiled =
      /\.(js|d\.ts)(\.map)?$/.test(name) && sourceFolders.some((folder) => name.startsWith(folder));
    if (compiled && !stems.has(stem)) rmSync(join(dist, name), { force: true });
  }
}
