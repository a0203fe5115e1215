/** What an explorer's surroundings look like. */
export interface Look {
  /** Whether the background is dark. */
  readonly dark: boolean;
  /** Color of text. */
  readonly ink: string;
}

const onDark: readonly (readonly [RegExp, string])[] = [
  [/#0072B2/gi, "#4FA9DF"],
  [/rgba\(0, 114, 178/g, "rgba(79, 169, 223"],
  [/#D55E00/gi, "#FF8A33"],
  [/rgba\(213, 94, 0/g, "rgba(255, 138, 51"],
  [/#7A4E9B/gi, "#B58BD6"],
  [/#5A5A5A/gi, "#B4B4B4"],
  [/#8B5A2B/gi, "#C99A68"],
];

/**
 * @param specification - a figure as JSON text
 * @param look - what surrounds it
 * @returns the text with colors that stand out there
 */
export function colorsFor(specification: string, look: Look): string {
  if (!look.dark) return specification;
  return onDark.reduce((text, [light, dark]) => text.replace(light, dark), specification);
}

/**
 * @param element - any element of the page
 * @returns what its surroundings look like, told by the color of text
 */
export function lookOf(element: Element): Look {
  const ink = getComputedStyle(element).color;
  const [r = 0, g = 0, b = 0] = (ink.match(/[\d.]+/g) ?? []).map(Number);
  return { dark: 0.299 * r + 0.587 * g + 0.114 * b > 140, ink };
}

/**
 * Calls back when the page may have got other colors.
 *
 * @param changed - called afterwards
 * @returns a function that ends it
 */
export function onLookChange(changed: () => void): () => void {
  const later = () => requestAnimationFrame(() => requestAnimationFrame(changed));
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", later);
  const observer = new MutationObserver(later);
  for (const target of [document.documentElement, document.body]) {
    observer.observe(target, {
      attributes: true,
      attributeFilter: ["class", "style", "data-jp-theme-name", "data-theme"],
    });
  }
  return () => {
    preference.removeEventListener("change", later);
    observer.disconnect();
  };
}
