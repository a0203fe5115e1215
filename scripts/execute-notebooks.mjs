// Executes the committed notebooks anew, or those named: npm run notebooks -- notebooks/00-tour.ipynb
// Each is run with the parameters that its kept outputs are made with; see kept-outputs.mjs. With --cache FOLDER features of
// notebooks that have the parameter `cache` are kept there.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { declaredParameters } from "../dist/kernel/run/declared-parameters.js";
import { readNotebook, writeNotebook } from "../dist/kernel/run/notebook.js";
import { runNotebook } from "../dist/kernel/run/run-notebook.js";
import { notebookPng } from "../dist/src/plots/static/notebook-png.js";
import { createModel } from "../dist/src/widgets/models/create-model.js";
import { unpack } from "../dist/src/widgets/packed.js";
import { explorerSvg } from "../dist/src/widgets/picture.js";
import { Thumbnails } from "../dist/src/widgets/thumbnails.js";
import { keepOutputs, keptParameters } from "./kept-outputs.mjs";

const folder = join(import.meta.dirname, "..", "notebooks");
const { positionals: named, values } = parseArgs({
  options: { cache: { type: "string" } },
  allowPositionals: true,
});
const paths =
  named.length > 0
    ? named
    : readdirSync(folder)
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => join(folder, name));

const explorerMime = "application/vnd.dn2.explorer+json";

/** Draws explorers whose photographs were taken out: figures, controls and numbers. */
async function drawExplorers(notebook) {
  for (const { data } of notebook.cells.flatMap(({ outputs = [] }) => outputs)) {
    if (!data?.[explorerMime] || data["image/png"]) continue;
    const { data: packed, settings } = data[explorerMime];
    const svg = await explorerSvg(createModel(unpack(packed)), settings, new Thumbnails({}));
    data["image/png"] = Buffer.from(await notebookPng(svg, 128)).toString("base64");
  }
  return notebook;
}

for (const path of paths) {
  const before = await readNotebook(path);
  const parameters = keptParameters(before);
  const hasCache = declaredParameters(before)?.some(({ name }) => name === "cache");
  const { notebook, failed } = await runNotebook(path, {
    parameters: values.cache && hasCache ? { ...parameters, cache: resolve(values.cache) } : parameters,
    onCell({ label, state, elapsedMs, number, count }) {
      if (state === "started") return;
      process.stderr.write(`  ${number} of ${count}: ${label} ${(elapsedMs / 1000).toFixed(1)} s\n`);
    },
  });
  if (failed.length > 0) {
    process.stderr.write(`${path}: cell ${failed[0].index} failed: ${failed[0].evalue}\n`);
    process.exitCode = 1;
    continue;
  }
  notebook.metadata.dn2.parameters = parameters;
  await writeNotebook(path, await drawExplorers(keepOutputs(notebook)));
  process.stdout.write(`${path}\n`);
}
