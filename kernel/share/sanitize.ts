import createPurifier, { type WindowLike } from "dompurify";
import { JSDOM } from "jsdom";
import { Html } from "./html.js";

const tags = [
  ...[
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "caption",
    "colgroup",
    "col",
    "progress",
    "meter",
  ],
  ...[
    "p",
    "div",
    "span",
    "br",
    "hr",
    "pre",
    "code",
    "samp",
    "kbd",
    "var",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "small",
  ],
  ...[
    "sub",
    "sup",
    "mark",
    "abbr",
    "time",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
  ],
  ...["blockquote", "figure", "figcaption", "details", "summary", "a", "img"],
];
const attributes = [
  ...["colspan", "rowspan", "scope", "align", "span", "value", "max", "min", "title", "href", "src", "alt"],
  ...["width", "height", "start", "open", "datetime"],
];

/**
 * Keeps of HTML what is text, tables and pictures that it holds itself; scripts, styles, forms, frames and whatever
 * else could act or reach the network go.
 *
 * @param text - HTML of an output
 * @returns markup
 */
export function sanitized(text: string): Html {
  const { window } = new JSDOM("");
  const purifier = createPurifier(window as unknown as WindowLike);
  const clean = purifier.sanitize(text, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(https?:|mailto:|#|data:image\/(png|jpeg|gif|webp);base64,)/i,
  });
  window.close();
  return Html.trusted(clean);
}
