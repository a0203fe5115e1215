import { keepCompiledPlotly, plotlyPage } from "./browser.js";
import { drawnFamily } from "./fonts.js";

let last: Promise<unknown> = Promise.resolve();

/**
 * Draws a plotly specification without a browser. plotly.js is loaded at the first call; calls are answered in order.
 *
 * @param data - traces
 * @param layout - layout with `width` and `height` in pixels
 * @returns an SVG document
 */
export function renderSvg(
  data: readonly unknown[],
  layout: Readonly<Record<string, unknown>>,
): Promise<string> {
  const drawn = last.then(() => draw(structuredClone(data), structuredClone(layout)));
  last = drawn.catch(() => {});
  return drawn;
}

async function draw(data: unknown, layout: unknown): Promise<string> {
  const { document, plotly, restartNames } = plotlyPage();
  restartNames();
  const div = document.createElement("div");
  document.body.append(div);
  try {
    await plotly.newPlot(div, data, layout, { staticPlot: true });
    return cleaned(plotly.Snapshot.toSVG(div, "svg"));
  } finally {
    plotly.purge(div);
    div.remove();
    keepCompiledPlotly();
  }
}

/** Quotes inside `url()` are not understood outside browsers, and the font that was measured has to be drawn. */
function cleaned(svg: string): string {
  return svg
    .replace(/url\(['"]#([^'")]*)['"]\)/g, "url(#$1)")
    .replace(/font-family: [^;"]*/g, `font-family: '${drawnFamily}', sans-serif`);
}
