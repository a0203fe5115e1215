import { escapeHtml } from "../../src/core/display.js";

/** Text of a page in which every character from outside is escaped or was put there on purpose. */
export class Html {
  /** @param text - markup */
  private constructor(readonly text: string) {}

  /**
   * Declares text to be markup: only for what a library has escaped, or what was written by this program.
   *
   * @param text - markup
   * @returns the same
   */
  static trusted(text: string): Html {
    return new Html(text);
  }

  /** @returns the markup */
  toString(): string {
    return this.text;
  }
}

type Part = string | number | Html | undefined | readonly (string | Html)[];

/**
 * Makes markup: the parts of the template are kept, every value is escaped unless it is markup itself.
 *
 * @param strings - markup
 * @param values - text, numbers, markup or lists of them; undefined is left out
 * @returns the markup
 */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return Html.trusted(strings.reduce((text, string, i) => `${text}${markup(values[i - 1])}${string}`));
}

/**
 * Makes a block of data for the page's programs, which can hold any text.
 *
 * @param type - MIME type that no browser runs
 * @param content - text without the letter "<", or JSON, in which it is replaced
 * @param attributes - markup
 * @returns the markup
 */
export function dataBlock(type: string, content: string, attributes = html``): Html {
  return html`<script type="${type}"${attributes}>${Html.trusted(content.replaceAll("<", "\\u003c"))}</script>`;
}

function markup(value: Part): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((one: string | Html) => markup(one)).join("");
  return value instanceof Html ? value.text : escapeHtml(String(value));
}
