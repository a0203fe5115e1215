import { didYouMean } from "./closest-name.js";

/**
 * Refuses option keys that a function does not know, so that a misspelt option is never silently ignored.
 *
 * @param owner - name of the function, for the message
 * @param options - the options object as received
 * @param known - every valid key
 * @throws TypeError naming the unknown key and the valid ones
 */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(
        `${owner}: unknown option ${key}${didYouMean(key, known)}; valid options are ${[...known].sort().join(", ")}`,
      );
    }
  }
}

/**
 * Requires one of several names.
 *
 * @param what - what is chosen ("engine", "distance"), for the message
 * @param value - the value as received
 * @param choices - the valid names
 * @returns the value
 * @throws RangeError listing the valid names
 */
export function oneOf<T extends string>(what: string, value: string, choices: readonly T[]): T {
  if (!(choices as readonly string[]).includes(value)) {
    throw new RangeError(
      `unknown ${what}: ${value}${didYouMean(String(value), choices)}; choose from ${choices.join(", ")}`,
    );
  }
  return value as T;
}

/**
 * Requires an integer in a range.
 *
 * @param what - name of the quantity, with its unit or bound's meaning, for the message
 * @param value - the value as received
 * @param low - smallest valid value
 * @param high - largest valid value
 * @param boundMeaning - what the upper bound stands for ("training images"), optional
 * @returns the value
 * @throws RangeError naming the range and what came
 */
export function integerIn(
  what: string,
  value: number,
  low: number,
  high: number,
  boundMeaning?: string,
): number {
  if (!Number.isInteger(value) || value < low || value > high) {
    const range =
      high === Number.MAX_SAFE_INTEGER
        ? `an integer of at least ${low}`
        : `an integer from ${low} to ${high}`;
    throw new RangeError(`${what} must be ${range}${boundMeaning ? ` (${boundMeaning})` : ""}; got ${value}`);
  }
  return value;
}
