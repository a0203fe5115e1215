/** A value in several forms, from MIME type to content: text as string, binary as base64 string, JSON as object. */
export type MimeBundle = Record<string, unknown>;

/** The method by which a value tells a notebook how it is shown (the convention of Deno's kernel). */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display") as never;

type Renderer = (value: object) => MimeBundle | Promise<MimeBundle>;

const renderers = new Map<unknown, Renderer>();

/**
 * Says how the instances of a class are shown. Classes of the method stay free of drawing code: `plots/` registers theirs.
 *
 * @param type - the class
 * @param render - makes the bundle of an instance
 */
export function setRenderer<T extends object>(
  type: abstract new (...args: never[]) => T,
  render: (value: T) => MimeBundle | Promise<MimeBundle>,
): void {
  renderers.set(type, render as Renderer);
}

/** Base of every class that shows itself in a notebook. */
export abstract class Displayable {
  /** @returns the bundle a notebook shows when the value is a cell's last expression; undefined when it has shown itself */
  async [jupyterDisplay](): Promise<MimeBundle | undefined> {
    const render = renderers.get(this.constructor);
    return render ? render(this) : { "text/plain": this.toString() };
  }

  /** @returns one line of text that says what this is */
  abstract toString(): string;
}

/**
 * Escapes text for use in HTML, element content and quoted attributes alike.
 *
 * @param text - any text, for example a file name from a data set
 * @returns text in which no markup is left
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
