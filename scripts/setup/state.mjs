import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readJson } from "./paths.mjs";

/**
 * What set-up remembers of a step that succeeded, or of an optional part that is absent.
 *
 * @typedef {object} StepRecord
 * @property {string} key - hash of the step's inputs
 * @property {boolean} available - false for an optional part that could not be had
 * @property {string} detail - a version, or why it is absent
 * @property {string} [remedy] - what would make it available
 */

/**
 * Writes a file so that readers see the old content or the new, never half of it.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function writeWhole(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}

/**
 * @param {string} statePath - .dn2/setup.json
 * @returns {Record<string, StepRecord>} records by step
 */
export function readState(statePath) {
  return readJson(statePath)?.steps ?? {};
}

/**
 * Records the outcome of a step; called only after everything the step makes is in place.
 *
 * @param {string} statePath - .dn2/setup.json
 * @param {string} step
 * @param {StepRecord} record
 */
export function recordStep(statePath, step, record) {
  const steps = { ...readState(statePath), [step]: record };
  writeWhole(statePath, `${JSON.stringify({ steps }, null, 2)}\n`);
}

/**
 * @param {...string} parts - strings, taken as they are
 * @returns {string} a short hash of all of them
 */
export function hashOf(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex").slice(0, 20);
}

/**
 * @param {...string} paths - files; a missing one counts as empty
 * @returns {string} a short hash of their contents
 */
export function hashOfFiles(...paths) {
  return hashOf(
    ...paths.map((path) => {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return "";
      }
    }),
  );
}
