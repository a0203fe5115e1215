import { SetupLock } from "./lock.mjs";
import { pathsOf } from "./paths.mjs";
import { ProcessRunner } from "./processes.mjs";

/**
 * What every step works with.
 *
 * @typedef {object} Context
 * @property {import("./paths.mjs").Paths} paths
 * @property {ProcessRunner} runner
 * @property {SetupLock} lock
 * @property {boolean} retry - true to try again what was absent the last time
 * @property {boolean} interrupted - true once a signal asked to stop
 *
 * @typedef {object} StepOutcome
 * @property {string} detail - a version, or why an optional part is absent
 * @property {boolean} [absent] - true when an optional part could not be had
 * @property {string} [remedy] - what would make it available
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {string} title - as shown
 * @property {readonly string[]} needs - names of the steps it waits for
 * @property {(context: Context) => Promise<StepOutcome>} run
 */

/**
 * The environment of every program that set-up runs: caches and temporary files stay inside the clone.
 *
 * @param {import("./paths.mjs").Paths} paths
 * @returns {Record<string, string | undefined>}
 */
export function contained(paths) {
  return {
    ...process.env,
    npm_config_cache: paths.npmCache,
    npm_config_devdir: `${paths.cache}/node-gyp`,
    PIP_CACHE_DIR: paths.pipCache,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PIP_USER: "0",
    PYTHONNOUSERSITE: "1",
    PYTHONPYCACHEPREFIX: undefined,
    ONNXRUNTIME_NODE_INSTALL: "skip",
    TMPDIR: paths.tmp,
    TEMP: paths.tmp,
    TMP: paths.tmp,
  };
}

/**
 * @param {string} root - folder of the clone
 * @param {{ retry?: boolean }} [options]
 * @returns {Context}
 */
export function createContext(root, { retry = false } = {}) {
  const paths = pathsOf(root);
  const lock = new SetupLock(paths.lock);
  const runner = new ProcessRunner({
    logs: paths.logs,
    env: contained(paths),
    onChange: (pids) => lock.noteChildren(pids),
  });
  return { paths, runner, lock, retry, interrupted: false };
}
