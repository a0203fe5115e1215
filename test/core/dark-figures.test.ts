import { decode, encode } from "fast-png";
import { describe, expect, it } from "vitest";
import {
  darkFigureStyle,
  drawingMark,
  markDrawing,
  onDark,
  photosMark,
} from "../../src/core/dark-figures.js";
import { colors, series, template, wordColor } from "../../src/plots/theme.js";

/** Backgrounds of JupyterLab's dark theme and of a dark shared page. */
const papers = ["#111111", "#15181C"];

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast as WCAG 2 defines it, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const style = darkFigureStyle(".dark");

/** What the rules put in place of a color where no page says otherwise; the color itself where no rule is about it. */
function drawn(color: string): string {
  const rgb = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join(", ");
  const rule = style.split("\n").find((line) => line.includes(`fill: rgb(${rgb})"] {`));
  return rule?.match(/\{ fill: .*(#[0-9A-F]{6})/i)?.[1] ?? color;
}

describe("figures on a dark page", () => {
  it.each([colors.ink, colors.text, colors.quiet, ...series, ...series.map(wordColor)])(
    "have words and curves of %s in a color that stands out by 4.5 to 1",
    (color) => {
      for (const paper of papers) expect(contrast(drawn(color), paper)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("have words that stand out from white by 4.5 to 1, too", () => {
    const words = [
      colors.ink,
      colors.text,
      colors.quiet,
      ...[...series, "#1C84C6", "#868686"].map(wordColor),
    ];
    expect(words.filter((color) => contrast(color, colors.paper) < 4.5)).toEqual([]);
  });

  it("have a dark background, on which the grid is weaker than the axes", () => {
    expect(luminance(drawn(colors.paper))).toBeLessThan(0.02);
    const [grid, axis] = [colors.grid, colors.axis].map((color) => contrast(drawn(color), papers[0]));
    expect(grid).toBeGreaterThan(1.2);
    expect(grid).toBeLessThan(axis);
  });

  it("are pictures with a mark that a style sheet finds, and that changes no pixel", () => {
    for (const width of [1, 2, 3, 200]) {
      const drawn = { width, height: 2, data: new Uint8Array(width * 6).fill(99), channels: 3 as const };
      const png = encode(drawn);
      const marked = markDrawing(png);
      expect(Buffer.from(marked).toString("base64")).toContain(drawingMark);
      const { text, data } = decode(marked, { checkCrc: true });
      expect(text).toEqual({ Comment: "dn2 figure" });
      expect(data).toEqual(decode(png).data);
    }
    expect(style).toContain(`.dark img[src*="${drawingMark}"]`);
  });

  it("are told by their font, and no rule is about the figures of others", () => {
    const font = style.match(/text\[style\*="([^"]+)"\]/)?.[1] ?? "none";
    expect(template.layout.font.family.startsWith(font)).toBe(true);
    const rules = style.split("\n");
    const own = [
      `.dark img[src*="${drawingMark}"]`,
      `.dark img[src*="${photosMark}"]`,
      `.dark .js-plotly-plot:not(.dn2x *):has(text[style*="${font}"])`,
    ];
    expect(rules.filter((rule) => !own.some((start) => rule.startsWith(start)))).toEqual([]);
  });

  it("keep colors of compared curves apart", () => {
    const all = series.map(drawn);
    expect(new Set(all).size).toBe(series.length);
    const words = [...series, "#1C84C6", "#868686"].map(wordColor);
    expect(Object.keys(onDark).filter((color) => ![...series, "#1C84C6", ...words].includes(color))).toEqual(
      [],
    );
  });
});
