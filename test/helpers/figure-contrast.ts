/** What a page's figures look like; runs in the page. */
export interface FigureLook {
  /** Figures that were looked at. */
  readonly figures: number;
  /** Figures with an opaque white background. */
  readonly white: number;
  /** Words of the other figures that stand out from what is behind them by less than 4.5 to 1 (WCAG 2), with the contrast. */
  readonly faint: readonly string[];
}

/**
 * Looks at all plotly figures of a page. Needs nothing from outside, so that it can be sent to the page.
 *
 * @returns what they look like
 */
export function lookAtFigures(): FigureLook {
  const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string) => {
    const [r, g, b] = parts(color).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element): string => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (parts(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const figures = [...document.querySelectorAll(".js-plotly-plot")].filter((figure) =>
    figure.querySelector(".main-svg"),
  );
  const faint: string[] = [];
  let white = 0;
  for (const figure of figures) {
    const paper = behind(figure.querySelector(".main-svg") as Element);
    if (paper === "rgb(255, 255, 255)") {
      white++;
      continue;
    }
    for (const text of figure.querySelectorAll(".main-svg text")) {
      if (!text.textContent?.trim()) continue;
      const [low, high] = [luminance(getComputedStyle(text).fill), luminance(paper)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) faint.push(`${text.textContent}: ${contrast.toFixed(1)}`);
    }
  }
  return { figures: figures.length, white, faint };
}
