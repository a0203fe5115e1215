import { onDark } from "../../core/dark-figures.js";

/** What an explorer's surroundings look like. */
export interface Look {
  /** Whether the background is dark. */
  readonly dark: boolean;
  /** Color of text. */
  readonly ink: string;
}

const replacements: readonly (readonly [RegExp, string])[] = Object.entries(onDark).flatMap(
  ([light, dark]) => [
    [new RegExp(light, "gi"), dark] as const,
    [new RegExp(`rgba\\(${parts(light)}`, "g"), `rgba(${parts(dark)}`] as const,
  ],
);

function parts(color: string): string {
  return [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join(", ");
}

/**
 * @param specification - a figure as JSON text
 * @param look - what surrounds it
 * @returns the text with colors that stand out there
 */
export function colorsFor(specification: string, look: Look): string {
  if (!look.dark) return specification;
  return replacements.reduce((text, [light, dark]) => text.replace(light, dark), specification);
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
