import { decode } from "fast-png";
import type { Locator } from "playwright-core";

/** What words and figures of a page look like. */
export interface Look {
  /** Texts that were looked at. */
  readonly words: number;
  /** Texts that stand out from what is behind them by less than 4.5 to 1 (WCAG 2), with the contrast. */
  readonly faint: readonly string[];
  /** Plotly figures. */
  readonly figures: number;
  /** Plotly figures with an opaque white background. */
  readonly white: number;
}

/**
 * Looks at all visible words in parts of a page. Needs nothing from outside, so that it can be sent to the page.
 *
 * @param parts - selector of the parts
 * @returns what they look like
 */
export function lookAt(parts: string): Look {
  type Color = [red: number, green: number, blue: number, alpha: number];
  const colorOf = (text: string): Color => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return text === "none" || text === "transparent" ? [0, 0, 0, 0] : [r, g, b, a];
  };
  const over = (top: Color, below: Color): Color => [
    ...([0, 1, 2].map((c) => top[3] * top[c] + (1 - top[3]) * below[c]) as [number, number, number]),
    1,
  ];
  const luminance = (color: Color) => {
    const [r, g, b] = color.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): Color => {
    if (!element) return [255, 255, 255, 1];
    const own = element.matches(".svg-container") ? element.querySelector(".main-svg")! : element;
    const color = colorOf(getComputedStyle(own).backgroundColor);
    return color[3] === 1 ? color : over(color, behind(element.parentElement));
  };
  const seen = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1;
  const all = [...document.querySelectorAll(parts)];
  const faint: string[] = [];
  let words = 0;
  for (const part of all.filter((one) => !all.some((other) => other !== one && other.contains(one)))) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim();
      const element = walker.currentNode.parentElement;
      if (!text || !element || element.closest("script, style, option") || !seen(element)) continue;
      const { fill, color } = getComputedStyle(element);
      const back = behind(element);
      const ink = over(colorOf(element instanceof SVGElement ? fill : color), back);
      const [low, high] = [luminance(ink), luminance(back)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      words++;
      if (contrast < 4.5) faint.push(`${text}: ${contrast.toFixed(1)}`);
    }
  }
  const drawn = [...document.querySelectorAll(".js-plotly-plot .svg-container")];
  const white = drawn.filter((figure) => behind(figure).join() === "255,255,255,1").length;
  return { words, faint, figures: drawn.length, white };
}

/**
 * How light a picture is that a notebook keeps, where it is shown at its own size.
 *
 * @param picture - the element, whose source is a PNG in which photographs alone are fully opaque
 * @returns mean lightness of its photographs and of what is around them, 0 to 255
 */
export async function lightnessOf(picture: Locator): Promise<{ photos: number; around: number }> {
  await picture.scrollIntoViewIfNeeded();
  const source = (await picture.getAttribute("src")) ?? "";
  const kept = decode(Buffer.from(source.slice(source.indexOf(",") + 1), "base64"));
  const { x, y } = (await picture.boundingBox()) ?? { x: 0, y: 0 };
  const clip = { x: Math.round(x), y: Math.round(y), width: kept.width, height: kept.height };
  const shown = decode(await picture.page().screenshot({ clip }));
  const sums = { photos: [0, 0], around: [0, 0] };
  for (let i = 0; i < kept.width * kept.height; i++) {
    const at = i * shown.channels;
    const part = kept.palette?.[kept.data[i]][3] === 255 ? sums.photos : sums.around;
    part[0] += (shown.data[at] + shown.data[at + 1] + shown.data[at + 2]) / 3;
    part[1]++;
  }
  return { photos: sums.photos[0] / sums.photos[1], around: sums.around[0] / sums.around[1] };
}
