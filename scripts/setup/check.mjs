import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { isBuilt } from "./build-step.mjs";
import { findChromium } from "./chromium.mjs";
import { kernelspecProblem } from "./kernelspec.mjs";
import { labextensionProblem } from "./labextension.mjs";
import { isLinked } from "./link.mjs";
import { nodeVersionProblem } from "./node-version.mjs";
import { npmProgram } from "./npm.mjs";
import { installedPackages } from "./npm-packages.mjs";
import { probeOnnxruntime } from "./onnxruntime.mjs";
import { pathsOf, readJson } from "./paths.mjs";
import { ProcessRunner } from "./processes.mjs";
import { findPython } from "./python.mjs";
import { SetupError } from "./setup-error.mjs";
import { readState } from "./state.mjs";
import { loadTfjsNode } from "./tfjs-load.mjs";
import { requirementsHash, venvMark } from "./venv.mjs";

/**
 * One thing that was looked at.
 *
 * @typedef {object} CheckItem
 * @property {string} name
 * @property {boolean} ok
 * @property {boolean} required - false for what dn2 can do without
 * @property {string} detail - a version or place; what is wrong when not ok
 * @property {string} remedy - what to do; "" when ok
 */

const setupRemedy = "run `npm run setup`";

/**
 * Looks at everything that set-up makes, and changes nothing.
 *
 * @param {string} root - folder of the clone
 * @returns {Promise<CheckItem[]>}
 */
export async function checkSetup(root) {
  const paths = pathsOf(root);
  const runner = new ProcessRunner({ env: process.env });
  const context = { paths, runner };
  return [
    checkNode(),
    checkNpm(),
    checkPackages(paths),
    item(
      "build",
      isBuilt(paths),
      "dist/ is up to date",
      "dist/ is missing or older than the sources",
      "run `npm run build`",
    ),
    item('import "dn2"', isLinked(paths), "found from notebooks/", "not found from notebooks/", setupRemedy),
    await checkOnnxruntime(context),
    await checkTfjsNode(context),
    checkWasm(paths),
    await checkPython(context),
    checkJupyter(paths),
    checkKernelspec(paths),
    checkLabextension(paths),
    checkChromium(),
    ...checkData(),
  ];
}

/**
 * @param {readonly CheckItem[]} report
 * @param {(line: string) => void} print
 */
export function printReport(report, print = console.log) {
  const width = Math.max(...report.map(({ name }) => name.length));
  for (const { name, ok, required, detail, remedy } of report) {
    const mark = ok ? "✓" : required ? "✗" : "–";
    print(`${mark} ${name.padEnd(width)}  ${detail}${ok || !remedy ? "" : `; ${remedy}`}`);
  }
}

/**
 * @param {string} name
 * @param {boolean} ok
 * @param {string} good - detail when ok
 * @param {string} bad - detail when not
 * @param {string} remedy
 * @param {boolean} required
 * @returns {CheckItem}
 */
function item(name, ok, good, bad, remedy, required = true) {
  return { name, ok, required, detail: ok ? good : bad, remedy: ok ? "" : remedy };
}

function checkNode() {
  const [problem, remedy = ""] = nodeVersionProblem(process.versions.node).split("; ");
  return item("Node", problem === "", process.versions.node, problem, remedy);
}

function checkNpm() {
  try {
    const version = readJson(join(npmProgram(), "..", "..", "package.json"))?.version;
    return item("npm", true, version ?? "found", "", "");
  } catch (error) {
    return problemItem("npm", error);
  }
}

/** @param {import("./paths.mjs").Paths} paths */
function checkPackages(paths) {
  const count = installedPackages(paths);
  return item(
    "Node packages",
    count > 0,
    `${count} as in package-lock.json`,
    "not installed as in package-lock.json",
    setupRemedy,
  );
}

/** @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context */
async function checkOnnxruntime(context) {
  const found = await probeOnnxruntime(context);
  return item(
    "onnxruntime-node",
    found.available,
    found.detail,
    found.detail,
    found.remedy ?? setupRemedy,
    false,
  );
}

/** @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context */
async function checkTfjsNode({ paths, runner }) {
  const loaded = await loadTfjsNode({ paths, runner });
  const known = readState(paths.state)["tfjs-node"];
  const good = "detail" in loaded ? loaded.detail : "";
  const reason =
    known && !known.available
      ? known.detail
      : "problem" in loaded
        ? `it does not load (${loaded.problem})`
        : "";
  return item("tfjs-node", good !== "", good, reason, known?.remedy ?? setupRemedy, false);
}

/** @param {import("./paths.mjs").Paths} paths */
function checkWasm(paths) {
  const version = readJson(join(paths.modules, "@tensorflow", "tfjs-backend-wasm", "package.json"))?.version;
  return item("tfjs-wasm", Boolean(version), version ?? "", "not installed", setupRemedy);
}

/** @param {Pick<import("./context.mjs").Context, "paths" | "runner">} context */
async function checkPython({ paths, runner }) {
  const mark = venvMark(paths);
  if (mark) return item("Python", true, `${mark.python} in .venv`, "", "");
  try {
    const { version } = await findPython(runner);
    return item("Python", false, "", `${version}, but .venv is not made`, setupRemedy);
  } catch (error) {
    return problemItem("Python", error);
  }
}

/** @param {import("./paths.mjs").Paths} paths */
function checkJupyter(paths) {
  const mark = venvMark(paths);
  const ok = mark?.stage === "complete" && existsSync(paths.jupyter);
  const current = ok && mark.requirements === requirementsHash(paths);
  return item(
    "JupyterLab",
    current,
    mark?.jupyterlab ?? "",
    ok ? "older than scripts/requirements.txt" : "not installed",
    setupRemedy,
  );
}

/** @param {import("./paths.mjs").Paths} paths */
function checkKernelspec(paths) {
  const problem = kernelspecProblem(paths);
  return item(
    "notebook kernel",
    problem === "",
    readJson(paths.kernelspec)?.display_name ?? "",
    problem,
    setupRemedy,
  );
}

/** @param {import("./paths.mjs").Paths} paths */
function checkLabextension(paths) {
  const problem = labextensionProblem(paths);
  return item(
    "JupyterLab extension",
    problem === "",
    "shows explorers of saved notebooks",
    problem,
    setupRemedy,
  );
}

function checkChromium() {
  const path = findChromium();
  return item(
    "Chromium",
    Boolean(path),
    path ?? "",
    "not found, so browser tests are left out",
    "Debian: apt install chromium",
    false,
  );
}

function checkData() {
  const named = (process.env.DN2_DATA ?? "").split(delimiter).filter((folder) => folder.trim() !== "");
  const cache = process.env.DN2_CACHE || join(homedir(), ".cache", "dn2");
  const items = [...named, cache].map((folder) => {
    const path = resolve(folder);
    const found = existsSync(path) ? readdirSync(path).filter((name) => !name.startsWith(".")) : undefined;
    const remedy = folder === cache ? "it is made when something is fetched" : "correct DN2_DATA";
    return item(
      "data folder",
      found !== undefined,
      `${path}: ${found?.join(", ") || "empty"}`,
      `${path} does not exist`,
      remedy,
      false,
    );
  });
  if (named.length > 0) return items;
  return [
    item(
      "DN2_DATA",
      false,
      "",
      "not set, so only embedded data and the cache are there",
      "set it to a folder with data sets",
      false,
    ),
    ...items,
  ];
}

/**
 * @param {string} name
 * @param {unknown} error
 */
function problemItem(name, error) {
  const remedy = error instanceof SetupError ? error.remedy : "";
  return item(name, false, "", error instanceof Error ? error.message : String(error), remedy);
}
