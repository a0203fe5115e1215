import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { linkTree } from "./link-tree.mjs";
import { onPath } from "./npm.mjs";
import { readJson } from "./paths.mjs";
import { hashOf, readState, recordStep } from "./state.mjs";
import { buildFromWheel } from "./tfjs-from-wheel.mjs";
import { runOwnInstaller } from "./tfjs-installer.mjs";
import { bindingId, loadTfjsNode } from "./tfjs-load.mjs";

const bindingPath = join("lib", "napi-v8", "tfjs_binding.node");

/**
 * The native TensorFlow engine: what is there, else a binding built before, else the package's own installer, else
 * built on the TensorFlow of the Python package index, else absent with the reason.
 *
 * @type {import("./context.mjs").Step}
 */
export const tfjsNode = {
  name: "tfjs-node",
  title: "tfjs-node",
  needs: ["npm-packages", "venv"],
  async run(context) {
    const { paths } = context;
    const version = readJson(join(paths.tfjsNode, "package.json"))?.version;
    if (!version)
      return { absent: true, detail: "its package is not installed", remedy: "run `npm run setup`" };
    const binding = join(paths.tfjsNode, bindingPath);
    const tools = ["g++", "make"].map((tool) => String(onPath(tool).length > 0));
    const key = () =>
      hashOf(process.version, version, ...tools, String(statSync(binding, { throwIfNoEntry: false })?.size));
    const known = readState(paths.state)["tfjs-node"];
    if (known?.key === key() && (known.available || !context.retry)) {
      return { detail: known.detail, absent: !known.available, remedy: known.remedy };
    }
    const outcome = await obtain(context, version, binding);
    recordStep(paths.state, "tfjs-node", {
      key: key(),
      available: !outcome.absent,
      detail: outcome.detail,
      ...(outcome.remedy ? { remedy: outcome.remedy } : {}),
    });
    return outcome;
  },
};

/**
 * @param {import("./context.mjs").Context} context
 * @param {string} version
 * @param {string} binding
 * @returns {Promise<import("./context.mjs").StepOutcome>}
 */
async function obtain(context, version, binding) {
  const { paths } = context;
  const kept = join(paths.tfjsNodeBuilt, bindingId(version));
  const parts = [join("deps", "lib"), "lib"];
  const reasons = [];
  const ways = [
    async () => (existsSync(binding) ? "" : "not built yet"),
    async () => {
      if (!existsSync(join(kept, bindingPath))) return "nothing kept from before";
      linkTree(kept, paths.tfjsNode, parts);
      return "";
    },
    () => runOwnInstaller(context),
    async () => {
      const problem = await buildFromWheel(context, kept);
      if (problem === "") linkTree(kept, paths.tfjsNode, parts);
      return problem;
    },
  ];
  for (const way of ways) {
    const problem = await way();
    if (problem !== "") {
      reasons.push(problem);
      continue;
    }
    const loaded = await loadTfjsNode(context);
    if ("detail" in loaded) {
      if (!existsSync(kept)) linkTree(paths.tfjsNode, kept, parts);
      return { detail: loaded.detail };
    }
    reasons.push(`it does not load (${loaded.problem})`);
  }
  const [why, remedy] = /** @type {string} */ (reasons.at(-1)).split("; ");
  return {
    absent: true,
    detail: `${reasons.at(-2)}; ${why}`,
    remedy: `${remedy ? `${remedy}, then \`npm run setup\`; ` : ""}until then tfjs-wasm trains, slower`,
  };
}
