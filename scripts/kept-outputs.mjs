// What the committed notebooks keep of a run.

/**
 * Parameters with which a notebook's kept outputs are made. They stand in the metadata of its cell tagged `parameters`, as
 * `{ "dn2": { "outputs": { "dataset": "cifar10" } } }`; without them the outputs are those of the cell's own values.
 *
 * @param {{ cells: readonly { metadata: { tags?: unknown, dn2?: unknown } }[] }} notebook - content of a notebook file
 * @returns {Record<string, unknown>} values by name
 */
export function keptParameters({ cells }) {
  const cell = cells.find(({ metadata }) => tagged(metadata, "parameters"));
  const own = /** @type {{ outputs?: Record<string, unknown> } | undefined} */ (cell?.metadata.dn2);
  return own?.outputs ?? {};
}

/**
 * Makes an executed notebook ready to be committed, in place. The cell with injected parameters goes, so that the notebook
 * runs with its own; cells are numbered anew; bars of progress and what the cache held on this machine go. Of cells tagged `pictures-not-kept` pictures go, and what figures say in words
 * stays: they show images that others published.
 *
 * @template {{ cells: any[] }} N
 * @param {N} notebook - the executed notebook
 * @returns {N} the notebook
 */
export function keepOutputs(notebook) {
  notebook.cells = notebook.cells.filter(({ metadata }) => !tagged(metadata, "injected-parameters"));
  let count = 0;
  for (const cell of notebook.cells) {
    if (typeof cell.execution_count === "number") cell.execution_count = ++count;
    if (cell.outputs) cell.outputs = cell.outputs.map(withoutCacheUse).filter(isLasting);
    for (const output of cell.outputs ?? []) {
      if (typeof output.execution_count === "number") output.execution_count = count;
      if (output.data && tagged(cell.metadata, "pictures-not-kept")) output.data = inWords(output.data);
    }
  }
  return notebook;
}

/**
 * @param {any} output - of a cell
 * @returns {any} the output without lines that say how many features were in the cache
 */
function withoutCacheUse(output) {
  if (output.output_type !== "stream") return output;
  const text = Array.isArray(output.text) ? output.text.join("") : output.text;
  return { ...output, text: text.replace(/^.* features of \d+ of \d+ images were in the cache\n/gm, "") };
}

/**
 * @param {any} output - of a cell
 * @returns {boolean} whether it is neither a bar of progress nor empty
 */
function isLasting({ data, output_type, text }) {
  return output_type === "stream" ? text !== "" : !String(data?.["text/html"] ?? "").startsWith("<progress");
}

const explorerMime = "application/vnd.dn2.explorer+json";

/**
 * @param {Record<string, any>} data - forms of an output
 * @returns {Record<string, any>} those without photographs: text, and an explorer's figures and controls
 */
function inWords(data) {
  const words = { "text/plain": data["text/plain"] };
  const explorer = data[explorerMime];
  return explorer ? { ...words, [explorerMime]: { ...explorer, thumbnails: [] } } : words;
}

/**
 * @param {{ tags?: unknown }} metadata - of a cell
 * @param {string} tag - a tag
 * @returns {boolean} whether the cell has the tag
 */
function tagged({ tags }, tag) {
  return Array.isArray(tags) && tags.includes(tag);
}
