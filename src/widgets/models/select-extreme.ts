/**
 * The positions of the largest values.
 *
 * @param values - numbers without NaN
 * @param count - how many to find
 * @param accept - which positions are looked at, default all
 * @returns at most `count` positions, largest value first, equal ones in order of position
 */
export function largest(
  values: ArrayLike<number>,
  count: number,
  accept: (i: number) => boolean = () => true,
): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && !(values[i] > values[found[count - 1]])) continue;
    if (!accept(i)) continue;
    if (found.length === count) found.pop();
    let at = found.length;
    while (at > 0 && values[found[at - 1]] < values[i]) at--;
    found.splice(at, 0, i);
  }
  return found;
}

/**
 * The positions of the smallest values.
 *
 * @param values - numbers without NaN
 * @param count - how many to find
 * @param accept - which positions are looked at, default all
 * @returns at most `count` positions, smallest value first, equal ones in order of position
 */
export function smallest(
  values: ArrayLike<number>,
  count: number,
  accept: (i: number) => boolean = () => true,
): number[] {
  const turned = Float64Array.from(values, (value) => -value);
  return largest(turned, count, accept);
}
