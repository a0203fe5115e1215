import { photosFilter } from "../../src/core/dark-figures.js";
import type { Contents } from "./contents.js";
import { Html, html } from "./html.js";
import type { Heading } from "./markdown.js";
import { type Program, pageProgram } from "./programs.js";
import { style } from "./style.js";

/** What a page is made of. */
export interface PageParts {
  /** Its title. */
  readonly title: string;
  /** Lines below the title bar: when and with what the notebook was executed. */
  readonly about: readonly string[];
  /** Its headings. */
  readonly headings: readonly Heading[];
  /** Its cells. */
  readonly cells: readonly Html[];
  /** Programs for figures and explorers. */
  readonly programs: readonly Program[];
  /** What it holds. */
  readonly contents: Contents;
  /** Version of dn2 that makes it. */
  readonly version: string;
  /** Name of the notebook. */
  readonly source: string;
}

/**
 * Puts a page together: one HTML file that opens from disk. Its policy lets only its own program run, and lets nothing
 * reach the network, whatever stands in it.
 *
 * @param parts - what it is made of
 * @returns the file's content
 */
export function pageText(parts: PageParts): string {
  const program = pageProgram();
  const policy = [
    "default-src 'none'",
    `script-src ${program.source} blob:`,
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const contents = contentsMarkup(parts.headings);
  const body = html`${Html.trusted(photosFilter)}
<div class="page${contents ? " with-contents" : ""}">
${contents}<header class="about">${parts.about.map((line) => html`<p>${line}</p>`)}</header>
<main>
${parts.cells.map((cell) => html`${cell}\n`)}</main>
${footer(parts)}
</div>
${parts.programs.map(({ block }) => html`${block}\n`)}${program.block}`;
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${Html.trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="dn2 ${parts.version}">
<link rel="icon" href="data:,">
<title>${parts.title}</title>
<style>${Html.trusted(style)}</style>`;
  return html`<!doctype html>
<html lang="en">
<head>
${head}
</head>
<body>
${body}
</body>
</html>
`.text;
}

/**
 * @param bytes - a size
 * @returns for example "2.0 MB"
 */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @param parts - what a page is made of
 * @returns its bytes, all but the few of the frame
 */
export function pageBytes({ cells, programs }: Pick<PageParts, "cells" | "programs">): number {
  const text = cells.reduce((sum, cell) => sum + Buffer.byteLength(cell.text), 0);
  return text + programs.reduce((sum, { bytes }) => sum + bytes, 0) + Buffer.byteLength(style);
}

function contentsMarkup(headings: readonly Heading[]): Html | undefined {
  const listed = headings.filter(({ level }) => level === 2 || level === 3);
  if (listed.length < 3) return undefined;
  const top = Math.min(...listed.map(({ level }) => level));
  const items = listed.map(
    ({ level, text, id }) =>
      html`<li class="${level > top ? "deep" : "top"}"><a href="#${encodeURIComponent(id)}">${text}</a></li>\n`,
  );
  return html`<nav aria-label="Contents"><details open><summary>Contents</summary><ol>
${items}</ol></details></nav>
`;
}

function footer(parts: PageParts): Html {
  const { version, source, programs } = parts;
  const drawn = programs.length > 0 ? " Figures are drawn by plotly.js (MIT), which this file carries." : "";
  return html`<footer class="about">
<p>Made with dn2 ${version} from ${source}; ${megabytes(pageBytes(parts))} in one file, which opens without a network and asks for none.${drawn}</p>
<p>Numbers, names and pictures come from the data that the notebook names; whoever passes this file on passes on the pictures in it.</p>
</footer>`;
}
