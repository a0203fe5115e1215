/**
 * Squared Euclidean distance of two rows, computed directly in float64: sum over j of (a_j - b_j)^2.
 *
 * Terms are summed in four parts, by place modulo 4: the definition to the bit, which `DirectKernel` shares.
 *
 * @param a - matrix of the first row
 * @param aStart - where the first row starts
 * @param b - matrix of the second row
 * @param bStart - where the second row starts
 * @param d - length of the rows
 * @returns the squared distance
 */
export function squaredDistance(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  d: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = 0;
  for (; j + 4 <= d; j += 4) {
    const d0 = a[aStart + j] - b[bStart + j];
    const d1 = a[aStart + j + 1] - b[bStart + j + 1];
    const d2 = a[aStart + j + 2] - b[bStart + j + 2];
    const d3 = a[aStart + j + 3] - b[bStart + j + 3];
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  if (j < d) s0 += (a[aStart + j] - b[bStart + j]) ** 2;
  if (j + 1 < d) s1 += (a[aStart + j + 1] - b[bStart + j + 1]) ** 2;
  if (j + 2 < d) s2 += (a[aStart + j + 2] - b[bStart + j + 2]) ** 2;
  return s0 + s1 + (s2 + s3);
}
