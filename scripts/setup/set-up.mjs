import { mkdirSync, rmSync } from "node:fs";
import { build } from "./build-step.mjs";
import { createContext } from "./context.mjs";
import { kernelspec } from "./kernelspec.mjs";
import { labextension } from "./labextension.mjs";
import { link } from "./link.mjs";
import { npmPackages } from "./npm-packages.mjs";
import { onnxruntime } from "./onnxruntime.mjs";
import { projectRoot } from "./paths.mjs";
import { Reporter } from "./reporter.mjs";
import { runSteps } from "./run-steps.mjs";
import { tfjsNode } from "./tfjs-node.mjs";
import { jupyter, venv } from "./venv.mjs";

/** Every step, each after those it needs. */
export const steps = [
  npmPackages,
  venv,
  link,
  build,
  onnxruntime,
  jupyter,
  tfjsNode,
  kernelspec,
  labextension,
];

/**
 * Runs steps under the lock of the clone, with interrupts handled.
 *
 * @param {{ root?: string, only?: readonly string[], retry?: boolean }} [options] - retry: try again
 * what was absent the last time
 * @returns {Promise<number>} exit code
 */
export async function setUp({ root = projectRoot, only, retry = false } = {}) {
  const context = createContext(root, { retry });
  const reporter = new Reporter();
  const onSignal = () => {
    context.interrupted = true;
    void context.runner.stop();
  };
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await context.lock.acquire(
      (pid) => reporter.say(`another set-up is at work in this folder (process ${pid}); waiting for it`),
      () => context.interrupted,
    );
    if (!context.interrupted) emptyFolder(context.paths.tmp);
    const chosen = steps.filter((step) => !only || only.includes(step.name));
    const done = !context.interrupted && (await runSteps(chosen, context, reporter));
    reporter.close();
    if (context.interrupted) {
      reporter.say("set-up was interrupted; the same command goes on from here");
      return 130;
    }
    reporter.say(
      done ? `ready after ${reporter.elapsed()}` : "set-up is not complete; see the lines marked ✗",
    );
    return done ? 0 : 1;
  } finally {
    if (context.lock.held) emptyFolder(context.paths.tmp);
    context.lock.release();
    for (const signal of signals) process.off(signal, onSignal);
  }
}

/** @param {string} path - made if missing */
function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
}
