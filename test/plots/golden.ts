import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { expect } from "vitest";
import { decodeImage } from "../../src/images/index.js";
import type { Figure } from "../../src/plots/figure.js";
import { plotlyPage } from "../../src/plots/static/browser.js";
import { template } from "../../src/plots/theme.js";

const folder = join(import.meta.dirname, "../golden/plots");

/**
 * Compares a figure's specification with test/golden/plots/NAME.json: numbers to 4 significant digits, pictures by
 * their size. UPDATE_GOLDEN=1 writes the file instead.
 */
export async function expectGolden(name: string, figure: Figure): Promise<void> {
  const { data, layout } = figure;
  const text = `${compact({ alt: figure.alt, data: await stable(data), layout: await stable(layout) })}\n`;
  const path = join(folder, `${name}.json`);
  if (process.env.UPDATE_GOLDEN || !existsSync(path)) {
    if (!process.env.UPDATE_GOLDEN) throw new Error(`${path} is missing; make it with UPDATE_GOLDEN=1`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
}

/** Draws a figure and requires that plotly.js understands and draws all of it. */
export async function expectDrawn(figure: Figure, labels: readonly string[]): Promise<void> {
  const { plotly, complaints } = plotlyPage();
  const before = complaints.length;
  const specification = JSON.parse(JSON.stringify(figure));
  expect(plotly.validate(specification.data, specification.layout) ?? []).toEqual([]);
  const svg = await figure.svg();
  expect(complaints.slice(before)).toEqual([]);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  const shown = texts(svg);
  for (const label of labels) expect(shown).toContain(label);
  const { width, height } = figure.layout;
  const { width: drawnWidth, height: drawnHeight } = await decodeImage(await figure.png({ scale: 0.5 }));
  expect([drawnWidth, drawnHeight]).toEqual([Math.round(width / 2), Math.round(height / 2)]);
}

/** All text of an SVG, one line an element. */
export function texts(svg: string): string {
  const lines = Array.from(svgDocument(svg).querySelectorAll("text"), (text) => {
    const parts = text.querySelectorAll("tspan.line");
    return parts.length > 0 ? Array.from(parts, (line) => line.textContent) : [text.textContent];
  });
  return lines.flat().join("\n");
}

/** An SVG as a document. */
export function svgDocument(svg: string): Document {
  return new JSDOM(svg, { contentType: "image/svg+xml" }).window.document;
}

async function stable(value: unknown): Promise<unknown> {
  if (typeof value === "number") return Number(value.toPrecision(4)) || 0;
  if (typeof value === "string") return value.startsWith("data:") ? await pictureSize(value) : value;
  if (Array.isArray(value)) return Promise.all(value.map(stable));
  if (value === null || typeof value !== "object") return value;
  if (JSON.stringify(value) === JSON.stringify(template)) return "the theme";
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, one]) => [key, await stable(one)]),
  );
  return Object.fromEntries(entries.sort());
}

async function pictureSize(uri: string): Promise<string> {
  const [head, body] = uri.split(",");
  const { width, height } = await decodeImage(Buffer.from(body, "base64"));
  return `${head}, ${width} x ${height} pixels`;
}

/** JSON with lists of plain values on one line. */
function compact(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, list: string) => `[${list.replace(/,\n\s+/g, ", ")}]`,
  );
}
