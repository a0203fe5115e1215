/** Spread of a figure, over classes apart from over seeds. */
export interface Spread {
  /** Mean of all values. */
  readonly mean: number;
  /** Standard deviation over the classes, of the classes' means over the seeds; undefined with one class. */
  readonly overClasses?: number;
  /** Standard deviation over the seeds, of the seeds' means over the classes; undefined with one seed. */
  readonly overSeeds?: number;
}

/**
 * Tells the spread over classes, which says how unlike the tasks are, from that over seeds, which says how far chance moves
 * the result.
 *
 * @param values - one row a seed (repetition) with one value a class, all rows equally long
 * @returns mean and standard deviations (with n - 1)
 * @throws RangeError when there is no value or rows differ in length
 */
export function spreadOf(values: readonly (readonly number[])[]): Spread {
  const classes = values[0]?.length ?? 0;
  if (classes === 0 || values.some((row) => row.length !== classes)) {
    throw new RangeError(
      `a spread needs equally many values for every seed, at least one; got ${values.map((row) => row.length).join(", ") || "none"}`,
    );
  }
  const ofSeeds = values.map(meanOf);
  const ofClasses = values[0].map((_, c) => meanOf(values.map((row) => row[c])));
  return {
    mean: meanOf(ofSeeds),
    ...(classes > 1 ? { overClasses: deviationOf(ofClasses) } : {}),
    ...(values.length > 1 ? { overSeeds: deviationOf(ofSeeds) } : {}),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
