import { AnsiUp } from "ansi_up";
import { Html, html } from "./html.js";

/**
 * Text of a terminal as markup: colors become spans, everything else is escaped, and a line that was written over with
 * a carriage return is as it stood at the end.
 *
 * @param text - the text
 * @returns content of a <pre>
 */
export function terminalText(text: string): Html {
  const painter = new AnsiUp();
  painter.use_classes = true;
  painter.url_allowlist = {};
  const lines = text.split("\n").map((line) => line.replace(/\r+$/, "").replace(/^.*\r/s, ""));
  return Html.trusted(painter.ansi_to_html(lines.join("\n")));
}

/**
 * @param text - what a cell has written
 * @param name - which stream
 * @returns a block
 */
export function streamBlock(text: string, name: "stdout" | "stderr"): Html {
  return html`<pre class="out ${name}">${terminalText(text)}</pre>`;
}
