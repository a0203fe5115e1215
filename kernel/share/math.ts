import temml from "temml";
import { escapeHtml } from "../../src/core/display.js";

/**
 * A formula as MathML, which browsers draw by themselves.
 *
 * @param source - TeX
 * @param display - whether it stands on lines of its own
 * @returns markup; a formula that cannot be read stays as it was written
 */
export function mathMarkup(source: string, display: boolean): string {
  try {
    return temml.renderToString(source, { displayMode: display, trust: false, maxExpand: 500 });
  } catch {
    const text = `<code class="tex">${escapeHtml(source)}</code>`;
    return display ? `<p>${text}</p>` : text;
  }
}
