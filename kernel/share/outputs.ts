import type { NotebookOutput } from "../run/notebook.js";
import { streamBlock, terminalText } from "./ansi.js";
import { bytesOf, type Contents } from "./contents.js";
import { dataBlock, Html, html } from "./html.js";
import type { Markdown } from "./markdown.js";
import { mathMarkup } from "./math.js";

/** MIME type of plotly figures. */
const plotlyType = "application/vnd.plotly.v1+json";
/** MIME type of explorers that need no kernel. */
const explorerType = "application/vnd.dn2.explorer+json";

type Bundle = Readonly<Record<string, unknown>>;

interface Makers {
  readonly contents: Contents;
  readonly markdown: Markdown;
}

/** Ways to show a bundle, the best first; a bundle is shown in the first way that it has. */
const ways: readonly (readonly [
  string,
  (bundle: Bundle, value: unknown, makers: Makers) => Html | Promise<Html>,
])[] = [
  [explorerType, (bundle, value, { contents }) => figure("explorer", bundle, value, contents)],
  [plotlyType, (bundle, value, { contents }) => figure("plotly", bundle, value, contents)],
  ...["image/png", "image/jpeg", "image/gif", "image/webp"].map(
    (type) =>
      [
        type,
        (bundle: Bundle, value: unknown, { contents }: Makers) =>
          picture(bundle, type, base64(value), contents),
      ] as const,
  ),
  [
    "image/svg+xml",
    (bundle, value, { contents }) =>
      picture(bundle, "image/svg+xml", Buffer.from(String(value)).toString("base64"), contents),
  ],
  [
    "text/html",
    async (_, value) =>
      html`<div class="out table">${(await import("./sanitize.js")).sanitized(String(value))}</div>`,
  ],
  [
    "text/markdown",
    (_, value, { markdown }) => html`<div class="out text">${markdown.render(String(value))}</div>`,
  ],
  [
    "text/latex",
    (_, value) => html`<div class="out text">${Html.trusted(mathMarkup(formula(String(value)), true))}</div>`,
  ],
  ["text/plain", (_, value) => html`<pre class="out result">${terminalText(String(value))}</pre>`],
  ["application/json", (_, value) => html`<pre class="out result">${JSON.stringify(value, null, 2)}</pre>`],
];

/**
 * Outputs of a cell as markup. What they hold is data: everything is escaped or sanitized, whoever made it.
 *
 * @param outputs - the outputs
 * @param makers - what collects the page's figures and headings
 * @returns the markup
 */
export async function outputsMarkup(outputs: readonly NotebookOutput[], makers: Makers): Promise<Html[]> {
  const parts: Html[] = [];
  for (const output of outputs) {
    if (output.output_type === "stream") parts.push(streamBlock(output.text, output.name));
    else if (output.output_type === "error") parts.push(errorBlock(output));
    else parts.push(await bundleMarkup(output.data, makers));
  }
  return parts;
}

async function bundleMarkup(bundle: Bundle, makers: Makers): Promise<Html> {
  for (const [type, show] of ways) {
    const value = bundle[type];
    if (value !== undefined && value !== null) return show(bundle, value, makers);
  }
  return html``;
}

function errorBlock({ ename, evalue, traceback }: NotebookOutput & { output_type: "error" }): Html {
  const lines = traceback.length > 0 ? traceback.join("\n") : `${ename}: ${evalue}`;
  return html`<pre class="out error">${terminalText(lines)}</pre>`;
}

/** The picture stands there until a program has drawn the figure, and for good where none runs. */
function figure(kind: "plotly" | "explorer", bundle: Bundle, value: unknown, contents: Contents): Html {
  const json = JSON.stringify(value);
  const png = typeof bundle["image/png"] === "string" ? base64(bundle["image/png"]) : undefined;
  contents.count(kind, json, png);
  const { width, height } = kind === "plotly" ? sizeOf(value) : {};
  const alt = altOf(bundle);
  const still = png
    ? html`<img src="data:image/png;base64,${png}" alt="${alt}" width="${width ?? ""}" height="${height ?? ""}">`
    : html`<p class="missing">${alt}</p>`;
  return html`<figure class="${kind}">${still}${dataBlock("application/json", json)}</figure>`;
}

function picture(bundle: Bundle, type: string, content: string, contents: Contents): Html {
  contents.count("picture", content);
  return html`<figure class="picture"><img src="data:${type};base64,${content}" alt="${altOf(bundle)}"></figure>`;
}

function altOf(bundle: Bundle): string {
  return typeof bundle["text/plain"] === "string" ? bundle["text/plain"] : "";
}

function sizeOf(value: unknown): { width?: number; height?: number } {
  const { width, height } = (value as { layout?: { width?: unknown; height?: unknown } })?.layout ?? {};
  return typeof width === "number" && typeof height === "number" ? { width, height } : {};
}

function base64(value: unknown): string {
  return bytesOf(String(value)).toString("base64");
}

function formula(text: string): string {
  return text.trim().replace(/^\$+|\$+$/g, "");
}
