import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";
import { hashOf, writeWhole } from "./state.mjs";

/**
 * The part of JupyterLab that shows explorers of saved notebooks, with plotly.js beside it.
 *
 * @type {import("./context.mjs").Step}
 */
export const labextension = {
  name: "labextension",
  title: "JupyterLab extension",
  needs: ["build", "jupyter", "npm-packages"],
  async run({ paths }) {
    if (labextensionProblem(paths) === "") return { detail: "up to date" };
    const wanted = wantedFiles(paths);
    if (!wanted) throw new SetupError("the extension was not built", "run `npm run build`");
    const { program, plotly, load, version } = wanted;
    const partial = `${paths.labextension}.${process.pid}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, "static"), { recursive: true });
    copyFileSync(program, join(partial, load));
    copyFileSync(plotly, join(partial, "static", "plotly.min.js"));
    const description = {
      name: "dn2",
      version,
      description: "Shows the explorers of dn2 notebooks",
      license: "Apache-2.0",
      jupyterlab: { mimeExtension: true, _build: { load, mimeExtension: "./mimeExtension" } },
    };
    writeWhole(join(partial, "package.json"), `${JSON.stringify(description, null, 2)}\n`);
    rmSync(paths.labextension, { recursive: true, force: true });
    renameSync(partial, paths.labextension);
    return { detail: version };
  },
};

/** @param {import("./paths.mjs").Paths} paths */
function wantedFiles(paths) {
  const program = join(paths.dist, "browser", "jupyterlab.js");
  const plotly = join(paths.modules, "plotly.js-dist-min", "plotly.min.js");
  if (!existsSync(program) || !existsSync(plotly)) return undefined;
  const plotlyVersion = readJson(join(paths.modules, "plotly.js-dist-min", "package.json"))?.version;
  const { version } = readJson(join(paths.root, "package.json"));
  const key = hashOf(readFileSync(program, "utf8"), String(plotlyVersion));
  return { program, plotly, load: `static/remoteEntry.${key}.js`, version };
}

/**
 * @param {import("./paths.mjs").Paths} paths
 * @returns {string} why the installed extension cannot be used; "" when it can
 */
export function labextensionProblem(paths) {
  const installed = readJson(join(paths.labextension, "package.json"))?.jupyterlab?._build?.load;
  const wanted = wantedFiles(paths);
  if (!wanted) return "not built";
  if (!installed) return "not installed";
  return installed === wanted.load && existsSync(join(paths.labextension, installed))
    ? ""
    : "older than the sources";
}
