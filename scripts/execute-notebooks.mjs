// Executes the committed notebooks anew, or those named: npm run notebooks -- notebooks/00-tour.ipynb
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { writeNotebook } from "../dist/kernel/run/notebook.js";
import { runNotebook } from "../dist/kernel/run/run-notebook.js";

const folder = join(import.meta.dirname, "..", "notebooks");
const named = process.argv.slice(2);
const paths =
  named.length > 0
    ? named
    : readdirSync(folder)
        .filter((name) => name.endsWith(".ipynb"))
        .map((name) => join(folder, name));

/** Pictures of images that others published stay out of the repository; what their figures say in words stays in. */
function withoutPictures(notebook) {
  for (const cell of notebook.cells) {
    if (!cell.metadata.tags?.includes("pictures-not-kept")) continue;
    for (const output of cell.outputs ?? []) {
      if (output.data) output.data = { "text/plain": output.data["text/plain"] };
    }
  }
  return notebook;
}

for (const path of paths) {
  const { notebook, failed } = await runNotebook(path);
  if (failed.length > 0) {
    process.stderr.write(`${path}: cell ${failed[0].index} failed: ${failed[0].evalue}\n`);
    process.exitCode = 1;
    continue;
  }
  await writeNotebook(path, withoutPictures(notebook));
  process.stdout.write(`${path}\n`);
}
