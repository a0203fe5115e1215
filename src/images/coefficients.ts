/** A resampling filter, with the names and the meaning of Pillow. */
export type ResizeFilter = "nearest" | "bilinear" | "bicubic";

/** Every resampling filter's name. */
export const resizeFilters: readonly ResizeFilter[] = ["nearest", "bilinear", "bicubic"];

/** Fraction bits of the fixed-point weights: 8 bits of value and 2 of headroom in a signed 32-bit sum. */
export const weightBits = 32 - 8 - 2;

/** For a run of output positions along one axis: which inputs each reads, with which weight. */
export interface Taps {
  /** First input of each output position. */
  readonly first: Int32Array;
  /** How many inputs each output position reads. */
  readonly count: Int32Array;
  /** Fixed-point weights, `stride` per output position, of which the first `count` are used. */
  readonly weights: Int32Array;
  /** Weights kept per output position. */
  readonly stride: number;
  /** First input that any output position reads, and the input after the last. */
  readonly span: readonly [number, number];
}

interface Kernel {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const cubicA = -0.5;

const kernels: Record<Exclude<ResizeFilter, "nearest">, Kernel> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x < 1) return ((cubicA + 2) * x - (cubicA + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * cubicA;
      return 0;
    },
  },
};

const cache = new Map<string, Taps>();
const cachedTables = 128;

/**
 * The weights by which one axis is resampled from `inputs` to `outputs` positions, for a run of output positions.
 *
 * With scale = inputs / outputs, the filter is stretched by max(1, scale), so that shrinking averages; weights are
 * normalised to sum 1 and rounded to 22 fraction bits, which is Pillow's arithmetic for 8-bit images.
 *
 * @param inputs - length of the axis before
 * @param outputs - length of the whole axis after
 * @param filter - the filter
 * @param start - first output position wanted
 * @param length - how many output positions are wanted
 * @returns the taps, shared between calls: read only
 */
export function axisTaps(
  inputs: number,
  outputs: number,
  filter: ResizeFilter,
  start: number,
  length: number,
): Taps {
  const key = `${inputs}/${outputs}/${filter}/${start}/${length}`;
  const known = cache.get(key);
  if (known) return known;
  const taps =
    filter === "nearest"
      ? nearestTaps(inputs, outputs, start, length)
      : kernelTaps(inputs, outputs, kernels[filter], start, length);
  if (cache.size >= cachedTables) cache.delete(cache.keys().next().value as string);
  cache.set(key, taps);
  return taps;
}

function nearestTaps(inputs: number, outputs: number, start: number, length: number): Taps {
  const first = new Int32Array(length);
  const scale = inputs / outputs;
  // Pillow adds the scale step by step; multiplying instead lands on the other side of a pixel edge now and then.
  let position = scale * 0.5;
  for (let i = 0; i < start; i++) position += scale;
  for (let i = 0; i < length; i++, position += scale) first[i] = Math.min(inputs - 1, Math.floor(position));
  const ones = new Int32Array(length).fill(1);
  return {
    first,
    count: ones,
    weights: ones.map(() => 1 << weightBits),
    stride: 1,
    span: [first[0], first[length - 1] + 1],
  };
}

function kernelTaps(inputs: number, outputs: number, kernel: Kernel, start: number, length: number): Taps {
  const scale = inputs / outputs;
  const stretch = Math.max(1, scale);
  const support = kernel.support * stretch;
  const stride = Math.min(inputs, Math.ceil(support) * 2 + 1);
  const first = new Int32Array(length);
  const count = new Int32Array(length);
  const weights = new Int32Array(length * stride);
  const exact = new Float64Array(stride);
  let from = inputs;
  let to = 0;
  for (let i = 0; i < length; i++) {
    const center = (start + i + 0.5) * scale;
    let low = Math.max(0, Math.trunc(center - support + 0.5));
    let high = Math.min(inputs, Math.trunc(center + support + 0.5));
    const origin = low;
    let sum = 0;
    for (let k = low; k < high; k++) {
      exact[k - origin] = kernel.weight((k - center + 0.5) * (1 / stretch));
      sum += exact[k - origin];
    }
    for (let k = 0; k < high - origin; k++) {
      const scaled = (sum === 0 ? exact[k] : exact[k] / sum) * (1 << weightBits);
      exact[k] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    while (high - low > 1 && exact[high - 1 - origin] === 0) high--;
    while (high - low > 1 && exact[low - origin] === 0) low++;
    first[i] = low;
    count[i] = high - low;
    from = Math.min(from, low);
    to = Math.max(to, high);
    for (let k = low; k < high; k++) weights[i * stride + k - low] = exact[k - origin];
  }
  return { first, count, weights, stride, span: [from, to] };
}
