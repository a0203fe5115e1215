import type { CompiledNetwork, Output } from "../engines/index.js";

/** What is done to the features of several layers, for their provenance. */
export const joinedStep = "each layer L2-normalised";

/**
 * Makes one output of several layers: their averages one after the other, and their maps brought to the places of the finest one.
 * Each layer's part is scaled to unit length, since layers differ in magnitude by orders; a single layer stays as it is.
 *
 * @param count - number of layers
 * @param compiled - its outputs: the averages of all layers in order, then their maps
 * @returns the network with two outputs, averages and maps
 */
export function joinLayers(count: number, compiled: CompiledNetwork): CompiledNetwork {
  if (count === 1) return compiled;
  return {
    async run(input, shape, wanted = [0, 1]) {
      const asked = wanted.flatMap((output) => Array.from({ length: count }, (_, i) => output * count + i));
      const outputs = await compiled.run(input, shape, asked);
      return wanted.map((output, at) => {
        const parts = outputs.slice(at * count, (at + 1) * count);
        return output === 0 ? joinAverages(parts) : joinMaps(parts);
      });
    },
    dispose: () => compiled.dispose(),
  };
}

function joinAverages(parts: readonly Output[]): Output {
  const n = parts[0].shape[0];
  const d = parts.reduce((sum, { shape }) => sum + shape[1], 0);
  const data = new Float32Array(n * d);
  for (let i = 0, at = 0; i < n; i++) {
    for (const { shape, data: part } of parts) {
      const own = part.subarray(i * shape[1], (i + 1) * shape[1]);
      const factor = unitFactor(own.reduce((sum, value) => sum + value * value, 0));
      for (const value of own) data[at++] = value * factor;
    }
  }
  return { layer: layerName(parts), shape: [n, d], data };
}

function joinMaps(parts: readonly Output[]): Output {
  const count = ({ shape }: Output) => shape[2] * shape[3];
  const finest = parts.reduce((best, one) => (count(one) > count(best) ? one : best));
  const [n, , height, width] = finest.shape;
  const d = parts.reduce((sum, { shape }) => sum + shape[1], 0);
  const size = height * width;
  const data = new Float32Array(n * d * size);
  let channel = 0;
  for (const { shape, data: part } of parts) {
    const [, channels, rows, columns] = shape;
    const across = taps(width, columns);
    const down = taps(height, rows);
    for (let i = 0; i < n; i++) {
      const start = (i * d + channel) * size;
      for (let c = 0; c < channels; c++) {
        const from = (i * channels + c) * rows * columns;
        const target = data.subarray(start + c * size, start + (c + 1) * size);
        resample(part, from, columns, target, across, down);
      }
      toUnitLength(data.subarray(start, start + channels * size), size);
    }
    channel += channels;
  }
  return { layer: layerName(parts), shape: [n, d, height, width], data };
}

interface Tap {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/** For each of some equal cells the two of another number of cells whose middles are around it, and how far it is on the way. */
function taps(count: number, available: number): Tap[] {
  return Array.from({ length: count }, (_, i) => {
    const at = ((i + 0.5) * available) / count - 0.5;
    const inside = Math.min(available - 1, Math.max(0, at));
    const low = Math.floor(inside);
    return { low, high: Math.min(available - 1, low + 1), share: inside - low };
  });
}

function resample(
  map: Float32Array,
  from: number,
  columns: number,
  target: Float32Array,
  across: readonly Tap[],
  down: readonly Tap[],
): void {
  let at = 0;
  for (const { low: top, high: bottom, share: y } of down) {
    const [upper, lower] = [from + top * columns, from + bottom * columns];
    for (const { low, high, share: x } of across) {
      const above = map[upper + low] + (map[upper + high] - map[upper + low]) * x;
      const below = map[lower + low] + (map[lower + high] - map[lower + low]) * x;
      target[at++] = above + (below - above) * y;
    }
  }
}

/** Scales the vector of every place, channels x places. */
function toUnitLength(data: Float32Array, places: number): void {
  const squares = new Float64Array(places);
  for (let at = 0; at < data.length; at += places) {
    for (let place = 0; place < places; place++) squares[place] += data[at + place] * data[at + place];
  }
  const factors = squares.map(unitFactor);
  for (let at = 0; at < data.length; at += places) {
    for (let place = 0; place < places; place++) data[at + place] *= factors[place];
  }
}

function unitFactor(squares: number): number {
  return squares > 0 ? 1 / Math.sqrt(squares) : 0;
}

function layerName(parts: readonly Output[]): string {
  return parts.map(({ layer }) => layer).join("+");
}
