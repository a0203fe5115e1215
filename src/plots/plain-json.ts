import { refuseActiveLinks } from "./label.js";

/** A plotly trace or layout as plain JSON. */
export type PlotlyObject = Readonly<Record<string, unknown>>;

const digits = 6;

/**
 * Copies a part of a plotly specification as plain JSON: typed arrays become arrays, numbers are rounded to 6
 * significant digits, `undefined` properties are left out.
 *
 * @param value - text, number, boolean, null, array, typed array or plain object
 * @param path - where the value stands, for messages
 * @returns the copy
 * @throws RangeError when a number is NaN or infinite, or a text links to a script
 * @throws TypeError when something is no JSON
 */
export function plainJson(value: unknown, path: string): unknown {
  switch (typeof value) {
    case "string":
      refuseActiveLinks(value);
      return value;
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) {
        throw new RangeError(`numbers in a figure must be finite; ${path} is ${value}; use null for a gap`);
      }
      return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
    case "object": {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item, i) => plainJson(item, `${path}[${i}]`));
      if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
        return Array.from(value as unknown as ArrayLike<number>, (item, i) =>
          plainJson(item, `${path}[${i}]`),
        );
      }
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, plainJson(item, `${path}.${key}`)]),
      );
    }
    default:
      throw new TypeError(`a figure must be plain JSON; ${path} is a ${typeof value}`);
  }
}
