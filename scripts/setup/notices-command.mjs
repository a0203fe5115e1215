import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathsOf, projectRoot, readJson } from "./paths.mjs";
import { writeWhole } from "./state.mjs";

const file = "THIRD-PARTY-NOTICES.md";

const head = `# Third-party notices

This repository contains no code of other projects; LICENSE holds for all of it. It installs the packages below from
their registries, each under its own licence, whose text lies in the installed package. The list is written by
\`node scripts/notices.mjs\`; a test keeps it true.
`;

/** Licences of the Python packages, whose metadata name them in many ways. */
const pythonLicences = new Map([
  ["jupyterlab", ["BSD-3-Clause", "notebook server and front end"]],
  ["anywidget", ["MIT", "front end of the widgets"]],
  ["papermill", ["BSD-3-Clause", "runs notebooks with parameters, from Python"]],
  ["jupyter_kernel_test", ["BSD-3-Clause", "the tests that Jupyter offers to kernels"]],
  ["plotly", ["MIT", "renders figures in JupyterLab; carries plotly.js (MIT)"]],
]);

/** What a package is under that its package.json does not say in full. */
const remarks = new Map([
  ["dejavu-fonts-ttf", "DejaVu fonts: Bitstream Vera and Arev licences, changes in the public domain"],
  [
    "@tensorflow/tfjs-node",
    "loads TensorFlow (Apache-2.0), taken from the package's own host or from a Python package",
  ],
  ["onnxruntime-node", "carries ONNX Runtime (MIT)"],
  ["zeromq", "carries libzmq (MPL-2.0) as a binary"],
]);

/**
 * The list of what package.json and requirements.txt name.
 *
 * @param {string} root - folder of the clone, with its packages installed
 */
export function notices(root) {
  const { modules, requirements } = pathsOf(root);
  const manifest = readJson(join(root, "package.json"));
  const rows = (/** @type {Record<string, string>} */ packages) =>
    Object.keys(packages)
      .sort()
      .map((name) => {
        const { version, license } = readJson(join(modules, name, "package.json")) ?? {};
        return row(name, version ?? "not installed", license ?? "", remarks.get(name) ?? "");
      });
  const python = readFileSync(requirements, "utf8")
    .split("\n")
    .filter((line) => /^\w/.test(line))
    .map((line) => {
      const [name, version] = line.split("==");
      const [licence, remark] = pythonLicences.get(name) ?? ["", ""];
      return row(name, version, licence, remark);
    });
  const table = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
    `\n## ${title}\n\n| package | version | licence | |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  return [
    head,
    table("When it runs", rows({ ...manifest.dependencies, ...manifest.optionalDependencies })),
    table("Python, for the notebooks", python),
    table("For development", rows(manifest.devDependencies)),
  ].join("");
}

/** @param {string[]} cells */
function row(...cells) {
  return `|${cells.map((cell) => (cell === "" ? " |" : ` ${cell} |`)).join("")}`;
}

/** The command `node scripts/notices.mjs`. */
export async function main() {
  writeWhole(join(projectRoot, file), notices(projectRoot));
}
