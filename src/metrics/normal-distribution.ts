const numerator = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const denominator = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
  637.333633378831, 793.826512519948, 440.413735824752,
];
const tail = 7.07106781186547;

/**
 * The share of a standard normal distribution above a value.
 *
 * @param z - any number
 * @returns P(Z > z), with an error below 1e-14 and a relative error below 1e-8
 * @see West 2005, "Better approximations to cumulative normal functions", after Hart 1968
 */
export function normalAbove(z: number): number {
  if (z < 0) return 1 - normalAbove(-z);
  if (z > 38) return 0;
  const density = Math.exp((-z * z) / 2);
  if (z < tail) return (density * polynomial(numerator, z)) / polynomial(denominator, z);
  const fraction = [4, 3, 2, 1].reduce((sum, term) => z + term / sum, z + 0.65);
  return density / fraction / Math.sqrt(2 * Math.PI);
}

/**
 * How many standard errors an interval reaches to either side.
 *
 * @param level - probability that the interval covers, above 0 and below 1
 * @returns z with P(-z < Z < z) = level, for example 1.96 for 0.95
 * @throws RangeError when the level is not between 0 and 1
 */
export function normalHalfWidth(level: number): number {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`level must be above 0 and below 1, for example 0.95; got ${level}`);
  }
  const above = (1 - level) / 2;
  let [low, high] = [0, 9];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalAbove(middle) > above) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function polynomial(coefficients: readonly number[], z: number): number {
  return coefficients.reduce((sum, coefficient) => sum * z + coefficient);
}
