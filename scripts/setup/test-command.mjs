import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { pathsOf, projectRoot, readJson } from "./paths.mjs";
import { setUp } from "./set-up.mjs";

/**
 * The command `npm test`: set-up, then types, lint and all tests. With arguments, only the tests that they name.
 *
 * @param {string[]} args - for vitest, for example a folder of test/
 */
export async function main(args) {
  const code = await setUp();
  if (code !== 0) {
    process.exitCode = code;
    return;
  }
  const paths = pathsOf(projectRoot);
  const bin = (/** @type {string[]} */ ...parts) => join(paths.modules, ...parts);
  const failed = [];
  if (args.length === 0) {
    if ((await runNode("types", [bin("typescript", "bin", "tsc"), "--noEmit"])) !== 0) failed.push("types");
    if ((await runNode("lint", [bin("@biomejs", "biome", "bin", "biome"), "check", "."])) !== 0)
      failed.push("lint");
  }
  if (!findChromium()) {
    console.log("no Chromium was found, so browser tests are skipped (Debian: apt install chromium)");
  }
  const results = join(paths.dn2, "tests.json");
  rmSync(results, { force: true });
  const program = [bin("vitest", "vitest.mjs"), "run"];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const vitest = await runNode("tests", [...program, ...reporters, ...args]);
  if (failed.length > 0) console.log(`not in order: ${failed.join(" and ")}; see above`);
  console.log(closingLine(readJson(results), vitest));
  process.exitCode = vitest !== 0 ? vitest : failed.length > 0 ? 1 : 0;
}

/**
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { status: string, assertionResults: unknown[] }[] } | undefined} results - vitest's own
 * @param {number} code - vitest's exit code
 * @returns {string} for example "812 passed, 0 failed, 3 skipped"; a test file that could not run counts as one failure
 */
export function closingLine(results, code) {
  if (!results) return `0 passed, ${code === 0 ? 0 : 1} failed, 0 skipped`;
  const broken = results.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = results.numFailedTests + broken.length;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed || (code === 0 ? 0 : 1)} failed, ${skipped} skipped`;
}

/**
 * Runs a program with this Node, its output shown as it comes.
 *
 * @param {string} title
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
function runNode(title, args) {
  console.log(`\n${title}`);
  return new Promise((resolve) => {
    // The linter and the browser would else keep caches in the home folder.
    const env = { ...process.env, XDG_CACHE_HOME: pathsOf(projectRoot).cache };
    const child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: "inherit" });
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGTERM", forward);
    process.on("SIGINT", () => {});
    child.on("error", () => resolve(1));
    child.on("close", (code) => {
      process.off("SIGTERM", forward);
      resolve(code ?? 1);
    });
  });
}
