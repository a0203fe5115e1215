/**
 * Makes one line of plain text: control characters and line ends become spaces, marks that reverse the reading
 * direction and halves of characters are dropped.
 *
 * @param text - any text, for example a file name from a data set
 * @returns the line
 */
export function plainLine(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "")
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\ufffd-\uffff]/g, "")
    .trim();
}

/**
 * Makes a label of text that comes from data. Plotly reads a part of HTML and of TeX in every label, title and hover
 * text; what this returns is shown as it was written.
 *
 * @param text - any text, for example a class or file name
 * @returns text for a plotly specification, in which no markup is left
 */
export function label(text: string): string {
  return plainLine(text).replace(/[&<>"'$%]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/**
 * @param text - what an axis shows, for example `training images`
 * @returns a label that begins with a capital, unless it begins with a sign such as k
 */
export function axisLabel(text: string): string {
  const plain = plainLine(text);
  return label(/^\p{L}{2}/u.test(plain) ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain);
}

const mostCharacters = 80;

/**
 * Makes a label for a place where text is not measured, for example at the mouse: a long text loses its middle.
 *
 * @param text - any text
 * @returns text of at most 80 characters for a plotly specification, in which no markup is left
 */
export function shortLabel(text: string): string {
  const characters = Array.from(plainLine(text));
  if (characters.length <= mostCharacters) return label(text);
  const half = mostCharacters / 2;
  return label(`${characters.slice(0, half).join("")}…${characters.slice(1 - half).join("")}`);
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", colon: ":", tab: "\t", newline: "\n" };

function decoded(text: string): string {
  return text
    .replace(/&#(x[\da-f]+|\d+);?/gi, (_, code: string) => {
      const value = Number(code.replace(/^x/i, "0x"));
      return value <= 0x10ffff ? String.fromCodePoint(value) : "";
    })
    .replace(/&([a-z]+);?/gi, (entity, name: string) => entities[name.toLowerCase()] ?? entity)
    .replace(/[\u0000-\u0020]/g, "");
}

/**
 * Refuses links to anything but web pages and mail addresses in a text of a plotly specification.
 *
 * @param text - a text of the specification
 * @throws RangeError when a link goes elsewhere, for example to `javascript:`
 */
export function refuseActiveLinks(text: string): void {
  for (const [, value] of text.matchAll(/<[^>]*?href\s*=\s*("[^"]*"?|'[^']*'?|[^\s>]*)/gi)) {
    const address = decoded(value.replace(/["']/g, ""));
    if (/^[^/?#]*:/.test(address) && !/^(https?|mailto):/i.test(address)) {
      throw new RangeError(`links in figures must begin with https:, http: or mailto:; got ${value}`);
    }
  }
}
