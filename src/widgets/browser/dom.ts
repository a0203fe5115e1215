type Child = Node | string | undefined;

/**
 * Makes an element. Text becomes text, never markup.
 *
 * @param tag - name of the element
 * @param attributes - `class` and others, without those that are undefined
 * @param children - elements and texts
 * @returns the element
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/**
 * Sets an element's text where it is another one, so that nothing is laid out anew without need.
 *
 * @param target - the element
 * @param text - its text
 */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Keys pressed here are not for JupyterLab's shortcuts, which would else move between cells. */
export const ownKeys = { "data-lm-suppress-shortcuts": "true" } as const;

let ids = 0;

/** @returns an identifier for an element of the page */
export function uniqueId(): string {
  return `dn2x-${Date.now().toString(36)}-${++ids}`;
}
