import { inspect } from "node:util";
import { jupyterDisplay, type MimeBundle } from "../../src/core/display.js";

/**
 * How a value is shown: as it says itself, else as text.
 *
 * @param value - any value
 * @returns its bundle; undefined when the value says that there is nothing to show
 */
export async function bundleOf(value: unknown): Promise<MimeBundle | undefined> {
  const show = (value as Record<symbol, unknown> | null | undefined)?.[jupyterDisplay];
  if (typeof show !== "function") return { "text/plain": textOf(value) };
  const bundle = await show.call(value);
  return bundle && typeof bundle === "object" ? (bundle as MimeBundle) : undefined;
}

/**
 * A value as text, cut to what a person reads.
 *
 * @param value - any value
 * @returns text of several lines stays as it is, everything else as Node prints it
 */
export function textOf(value: unknown): string {
  if (typeof value === "string" && value.includes("\n")) return value;
  return inspect(value, { depth: 4, maxArrayLength: 40, maxStringLength: 2000, breakLength: 100 });
}
