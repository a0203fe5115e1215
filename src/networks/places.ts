import { type Layer, layerNamed, layersFor, type Network, networkInput } from "./network.js";
import { describe, extent, sides } from "./shapes.js";

/** Where the columns or rows of a map lie: the middle of the i-th is at first + i * step, in input pixels from the edge. */
export interface AxisPlaces {
  /** Middle of the first column or row; the middle of the input's first pixel is 0.5. */
  readonly first: number;
  /** Distance from one to the next. */
  readonly step: number;
}

/** Where the places of a map lie in the network's input. */
export interface Places {
  /** The columns. */
  readonly x: AxisPlaces;
  /** The rows. */
  readonly y: AxisPlaces;
}

/**
 * The middle of what each place of a layer's map sees. Strides and paddings move it: a map is not simply the input divided into
 * equal cells, and a heatmap drawn as if it were would lie beside its object.
 *
 * @param network - the network
 * @param layer - name of the layer, or of a block
 * @param height - height of the input in pixels
 * @param width - width of the input in pixels
 * @returns middles and distances of the columns and rows
 * @throws RangeError when the layer is unknown or the input too small
 * @see Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning"
 */
export function placesOf(network: Network, layer: string, height: number, width: number): Places {
  const own = layerNamed(network, layer).name;
  const sizes = new Map(describe(network, height, width).map(({ name, shape }) => [name, shape.slice(1)]));
  sizes.set(networkInput, [height, width]);
  const pixels: AxisPlaces = { first: 0.5, step: 1 };
  const found = new Map<string, Places>([[networkInput, { x: pixels, y: pixels }]]);
  for (const next of layersFor(network, [own])) {
    const inputs = next.inputs.map((name) => found.get(name) as Places);
    const [rows, columns] = sizes.get(next.inputs[0]) as number[];
    found.set(next.name, {
      x: along(
        next,
        1,
        columns,
        inputs.map(({ x }) => x),
      ),
      y: along(
        next,
        0,
        rows,
        inputs.map(({ y }) => y),
      ),
    });
  }
  return found.get(own) as Places;
}

function along(layer: Layer, axis: 0 | 1, size: number, inputs: readonly AxisPlaces[]): AxisPlaces {
  const [{ first, step }] = inputs;
  switch (layer.kind) {
    case "conv":
    case "max-pool": {
      const { height, width } = sides(layer.padding);
      const rounding = layer.kind === "max-pool" && layer.ceilMode ? "ceil" : "floor";
      const [kernel, stride] = [layer.kernel[axis], layer.stride[axis]];
      const { before } = extent(size, kernel, stride, axis === 0 ? height : width, rounding);
      return { first: first + step * ((kernel - 1) / 2 - before), step: step * stride };
    }
    case "add":
    case "concat":
      return { first: inputs.reduce((sum, one) => sum + one.first, 0) / inputs.length, step };
    case "average":
      return { first: first + (step * (size - 1)) / 2, step: step * size };
    case "scale":
      return inputs[0];
  }
}
