import { tex } from "@mdit/plugin-tex";
import MarkdownIt from "markdown-it";
import { highlighted } from "./code.js";
import { Html } from "./html.js";
import { mathMarkup } from "./math.js";

/** A heading of a page. */
export interface Heading {
  /** From 1. */
  readonly level: number;
  /** Text without markup. */
  readonly text: string;
  /** Its anchor. */
  readonly id: string;
}

/** Finds the content of a picture. */
export type PictureSource = (address: string) => string | undefined;

interface Environment {
  readonly picture: PictureSource;
}

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** Turns the text cells of one notebook into markup, and collects their headings. */
export class Markdown {
  /** The headings so far. */
  readonly headings: Heading[] = [];
  readonly #parser = new MarkdownIt({
    html: false,
    highlight: (code, language) => highlighted(code, language).text,
  });

  /** Prepares the parser: HTML in text cells is shown as text, links to scripts are no links. */
  constructor() {
    this.#parser.use(tex, { delimiters: "all", render: mathMarkup });
    const { rules } = this.#parser.renderer;
    const image = rules.image!;
    rules.image = (tokens, index, options, env: Environment, renderer) => {
      const token = tokens[index];
      const address = String(token.attrGet("src"));
      const content = env.picture(address);
      if (content === undefined)
        return this.#parser.utils.escapeHtml(`[${token.content || "picture"}: ${address}]`);
      token.attrSet("src", content);
      return image(tokens, index, options, env, renderer);
    };
  }

  /**
   * @param source - Markdown with TeX between dollars
   * @param picture - finds pictures
   * @returns the markup
   */
  render(source: string, picture: PictureSource = () => undefined): Html {
    const env: Environment = { picture };
    const tokens = this.#parser.parse(source, env);
    for (const [i, token] of tokens.entries()) {
      if (token.type === "heading_open") this.#addHeading(token, tokens[i + 1]);
    }
    return Html.trusted(this.#parser.renderer.render(tokens, this.#parser.options, env));
  }

  /** Anchors are those of JupyterLab: links between headings go on to work. */
  #addHeading(open: Token, { children }: Token): void {
    const text = (children ?? [])
      .map(({ type, content }) => (type === "softbreak" ? " " : content))
      .join("")
      .trim();
    const name = text.replace(/\s/g, "-") || "section";
    let id = name;
    for (let n = 2; this.headings.some((one) => one.id === id); n++) id = `${name}-${n}`;
    open.attrSet("id", id);
    this.headings.push({ level: Number(open.tag.slice(1)), text, id });
  }
}
