import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { packageRoot } from "../package-root.js";
import { dataBlock, Html, html } from "./html.js";

/** A program that a page carries. */
export interface Program {
  /** Markup. */
  readonly block: Html;
  /** Bytes that it takes of the page. */
  readonly bytes: number;
}

/**
 * plotly.js, compressed; the page's program unpacks it when a figure is drawn first.
 *
 * @returns the program
 */
export function plotlyProgram(): Program {
  plotly ??= packed("plotly", createRequire(import.meta.url).resolve("plotly.js-dist-min"));
  return plotly;
}

let plotly: Program | undefined;

/**
 * What moves explorers without a kernel.
 *
 * @param path - the module; default the one of the package
 * @returns the program
 * @throws Error when it is not built
 */
export function explorerProgram(path = join(packageRoot, "dist", "browser", "explorer.js")): Program {
  if (!existsSync(path)) throw new Error(`${path} is missing; run npm run build first`);
  return packed("explorer", path);
}

/**
 * The page's own program, which the page's policy lets run, and nothing else that stands in the page.
 *
 * @returns markup, and the source expression for the policy
 */
export function pageProgram(): { readonly block: Html; readonly source: string } {
  const path = join(packageRoot, "dist", "kernel", "share", "browser", "page.js");
  if (!existsSync(path)) throw new Error(`${path} is missing; run npm run build first`);
  const text = readFileSync(path, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const hash = createHash("sha256").update(text).digest("base64");
  return { block: html`<script type="module">${Html.trusted(text)}</script>`, source: `'sha256-${hash}'` };
}

function packed(name: string, path: string): Program {
  const base64 = deflateRawSync(readFileSync(path), { level: 9 }).toString("base64");
  const block = dataBlock("application/octet-stream", base64, html` data-program="${name}"`);
  return { block, bytes: base64.length };
}
