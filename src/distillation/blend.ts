import { type Network, parameterShapes, type Weights } from "../networks/index.js";

/**
 * A network between two of the same form: every weight a mixture of theirs.
 *
 * @param first - weights of one network
 * @param second - weights of the other, of the same names and shapes
 * @param share - part of the second, in [0, 1]
 * @returns (1 - share) x first + share x second
 * @see Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"
 */
export function blend(first: Weights, second: Weights, share: number): Weights {
  return new Map(
    Array.from(first, ([name, { shape, data }]) => {
      const other = second.get(name)?.data;
      if (other?.length !== data.length) {
        throw new RangeError(
          `both networks must have ${data.length} numbers named ${name}; the second has ${other?.length ?? "none"}`,
        );
      }
      return [name, { shape, data: data.map((value, i) => (1 - share) * value + share * other[i]) }];
    }),
  );
}

/**
 * @param weights - a network's weights
 * @returns Float32Array, all of them one after the other
 */
export function packWeights(weights: Weights): Float32Array {
  const parts = [...weights.values()];
  const packed = new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0));
  let offset = 0;
  for (const { data } of parts) {
    packed.set(data, offset);
    offset += data.length;
  }
  return packed;
}

/**
 * @param network - the network the weights are of
 * @param packed - what `packWeights` gave
 * @returns the weights by name
 * @throws RangeError when there are more or fewer numbers than the network has
 */
export function unpackWeights(network: Network, packed: Float32Array): Weights {
  let end = 0;
  const weights = new Map(
    Array.from(parameterShapes(network), ([name, shape]) => {
      const start = end;
      end += shape.reduce((product, n) => product * n, 1);
      return [name, { shape: [...shape], data: packed.slice(start, end) }] as const;
    }),
  );
  if (end !== packed.length) throw new RangeError(`${network.name} has ${end} weights; got ${packed.length}`);
  return weights;
}
