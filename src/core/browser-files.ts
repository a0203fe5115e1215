import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "./data-folders.js";

const read = new Map<string, Uint8Array>();

/** @returns the browser module of the explorers, an ES module as text, as the build made it */
export function explorerModule(): string {
  const path = join(packageRoot(), "dist", "browser", "explorer.js");
  if (!read.has(path) && !existsSync(path)) {
    throw new Error("the explorers' browser module is not built; run `npm run build`");
  }
  return Buffer.from(contentOf(path)).toString("utf8");
}

/** @returns the bytes of plotly.min.js, a classic script in UTF-8 */
export function plotlyScript(): Uint8Array {
  return contentOf(createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js"));
}

function contentOf(path: string): Uint8Array {
  const known = read.get(path) ?? readFileSync(path);
  read.set(path, known);
  return known;
}
