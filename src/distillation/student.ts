import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Random } from "../core/random.js";
import { type ConvLayer, foldConv, type Network, networkInput, type Weights } from "../networks/index.js";
import {
  normEpsilon as epsilon,
  filtersFirst,
  layOutParameters,
  type StudentParameter,
} from "./student-parameters.js";
import { StudentStatistics } from "./student-statistics.js";
import { type BatchStatistics, type ConvPadding, type TensorFlow, TrainableOps } from "./trainable-ops.js";

interface Normalization {
  /** Statistics to use, one pair a convolution; default the batch's own. */
  fixed?: readonly BatchStatistics[];
  /** Receives the batch's own statistics, convolution by convolution. */
  onStatistics?: (statistics: BatchStatistics) => void;
}

/**
 * A network in the form in which it is trained: batch normalisation after every convolution, and a linear head that turns its
 * pooled feature into the teacher's target.
 *
 * The wiring is the network's own, so that what is exported is what every engine compiles.
 */
export class Student {
  /** All parameters in their order in the flat vector. */
  readonly parameters: readonly StudentParameter[];
  /** Number of filters of each convolution. */
  readonly filters: readonly number[];
  /** Length of the flat vector. */
  readonly size: number;
  readonly #ops: TrainableOps;
  readonly #convs: readonly ConvLayer[];

  /**
   * @param tf - tfjs-node
   * @param network - the network to train, made of convolutions without groups, additions and rectifiers
   * @param targetSize - numbers in a target
   * @throws RangeError when the network has a layer that cannot be trained, naming it
   */
  constructor(
    readonly tf: TensorFlow,
    readonly network: Network,
    readonly targetSize: number,
  ) {
    this.#ops = new TrainableOps(tf);
    for (const layer of network.layers) checkTrainable(layer);
    this.#convs = network.layers.filter((layer): layer is ConvLayer => layer.kind === "conv");
    this.filters = this.#convs.map(({ filters }) => filters);
    this.parameters = layOutParameters(network, this.#convs, targetSize);
    this.size = this.parameters.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * First values: kernels normal with variance 2 / inputs (He et al. 2015), the head's matrix with variance 1 / inputs, factors 1,
   * offsets 0.
   *
   * @param random - the chance
   * @returns Float32Array of `size`
   */
  initial(random: Random): Float32Array {
    const values = new Float32Array(this.size);
    for (const { offset, size, deviation, constant } of this.parameters) {
      for (let i = offset; i < offset + size; i++)
        values[i] = deviation ? deviation * random.normal() : constant;
    }
    return values;
  }

  /** @returns Float32Array of `size`: 1 where weight decay applies, else 0 */
  decayMask(): Float32Array {
    const mask = new Float32Array(this.size);
    for (const { offset, size, decays } of this.parameters) mask.fill(decays ? 1 : 0, offset, offset + size);
    return mask;
  }

  /**
   * The loss of a batch and its derivative.
   *
   * @param values - all parameters
   * @param images - n x height x width x 3, prepared
   * @param targets - n x targetSize
   * @param fixed - statistics for the batch normalisation, one pair a convolution; default those of the batch
   * @returns mean squared error, and its derivative for each parameter
   */
  lossAndGradient(
    values: Tensor1D,
    images: Tensor4D,
    targets: Tensor2D,
    fixed?: readonly BatchStatistics[],
  ): { loss: Scalar; gradient: Tensor1D } {
    return this.tf.tidy(() => {
      const compute = (...parts: Tensor[]) => {
        const features = this.#forward(parts, images, { fixed });
        const head = parts.slice(-2);
        const output = this.tf.add(this.tf.matMul(features, head[0] as Tensor2D), head[1]);
        return this.tf.mean(this.tf.square(this.tf.sub(output, targets))) as Scalar;
      };
      const { value, grads } = this.tf.valueAndGrads(compute)(this.#split(values));
      return { loss: value as Scalar, gradient: this.tf.concat(grads.map((g) => g.flatten())) as Tensor1D };
    });
  }

  /**
   * Means and variances of all convolutions over a number of batches, each normalised by its own statistics as in training.
   *
   * @param values - all parameters
   * @param batches - images, n x height x width x 3, prepared; disposed of by the receiver
   * @param fixed - statistics by which the batches are normalised instead, one pair a convolution
   * @returns moments over all batches together
   */
  statistics(
    values: Tensor1D,
    batches: Iterable<Tensor4D>,
    fixed?: readonly BatchStatistics[],
  ): StudentStatistics {
    const sums = this.filters.map((filters) => new Float64Array(filters));
    const squares = this.filters.map((filters) => new Float64Array(filters));
    let count = 0;
    for (const batch of batches) {
      const found: BatchStatistics[] = [];
      this.tf.tidy(() => {
        const onStatistics = (statistics: BatchStatistics) => void found.push(statistics);
        this.#forward(this.#split(values), batch, { fixed, onStatistics });
      });
      for (const [layer, { mean, variance }] of found.entries()) {
        const means = mean.dataSync();
        const variances = variance.dataSync();
        for (let f = 0; f < means.length; f++) {
          sums[layer][f] += means[f];
          squares[layer][f] += variances[f] + means[f] ** 2;
        }
        this.tf.dispose([mean, variance]);
      }
      this.tf.dispose(batch);
      count++;
    }
    const means = sums.map((sum) => sum.map((s) => s / count));
    const variances = squares.map((sum, layer) => sum.map((s, f) => s / count - means[layer][f] ** 2));
    return new StudentStatistics(means, variances);
  }

  /**
   * The pooled features of a batch in training form.
   *
   * @param values - all parameters
   * @param images - n x height x width x 3, prepared
   * @returns n x channels of the feature layer
   */
  features(values: Tensor1D, images: Tensor4D): Tensor2D {
    return this.tf.tidy(() => this.#forward(this.#split(values), images));
  }

  /**
   * The network's weights, batch normalisation folded into kernels and offsets.
   *
   * @param values - Float32Array of `size`
   * @param statistics - what the batch normalisation is to subtract and divide by
   * @returns weights as engines and checkpoints take them
   */
  fold(values: Float32Array, statistics: StudentStatistics): Weights {
    const weights = new Map<string, { shape: number[]; data: Float32Array }>();
    for (const [i, layer] of this.#convs.entries()) {
      const [kernel, gamma, beta] = this.parameters.slice(3 * i, 3 * i + 3);
      const [height, width, channels, filters] = kernel.shape;
      const part = (p: StudentParameter) => values.subarray(p.offset, p.offset + p.size);
      const own = new Map([
        [
          layer.weight,
          { shape: [filters, channels, height, width], data: filtersFirst(part(kernel), kernel.shape) },
        ],
        ["gamma", { shape: [filters], data: part(gamma) }],
        ["beta", { shape: [filters], data: part(beta) }],
        ["mean", { shape: [filters], data: Float32Array.from(statistics.means[i]) }],
        ["variance", { shape: [filters], data: Float32Array.from(statistics.variances[i]) }],
      ]);
      const batchNorm = { weight: "gamma", bias: "beta", mean: "mean", variance: "variance", epsilon };
      const folded = foldConv({ ...layer, bias: undefined, batchNorm }, own);
      weights.set(layer.weight, { shape: [...folded.shape], data: folded.weight });
      weights.set(layer.bias as string, { shape: [filters], data: folded.bias });
    }
    return weights;
  }

  #forward(parts: Tensor[], images: Tensor4D, { fixed, onStatistics }: Normalization = {}): Tensor2D {
    const maps = new Map<string, Tensor4D>([[networkInput, images]]);
    let next = 0;
    for (const layer of this.network.layers) {
      const inputs = layer.inputs.map((name) => maps.get(name) as Tensor4D);
      let map: Tensor4D;
      if (layer.kind === "conv") {
        const [kernel, gamma, beta] = parts.slice(3 * next, 3 * next + 3) as [Tensor4D, Tensor1D, Tensor1D];
        const statistics = fixed?.[next];
        next++;
        const constant = layer.inputs[0] === networkInput;
        const form = { stride: layer.stride[0], padding: paddingOf(layer), constant };
        const raw = this.#ops.conv(inputs[0], kernel, form);
        if (statistics && onStatistics) onStatistics(this.#moments(raw));
        map = statistics
          ? this.#ops.fixedNorm(raw, gamma, beta, { epsilon, statistics })
          : this.#ops.batchNorm(raw, gamma, beta, { epsilon, onStatistics });
      } else {
        map = inputs.slice(1).reduce((sum, input) => this.tf.add(sum, input), inputs[0]);
      }
      maps.set(layer.name, activationOf(layer) === "relu" ? this.#ops.relu(map) : map);
    }
    return this.tf.mean(maps.get(this.network.featureLayer) as Tensor4D, [1, 2]) as Tensor2D;
  }

  #moments(maps: Tensor4D): BatchStatistics {
    const { mean, variance } = this.tf.moments(maps, [0, 1, 2]);
    return { mean: this.tf.keep(mean) as Tensor1D, variance: this.tf.keep(variance) as Tensor1D };
  }

  #split(values: Tensor1D): Tensor[] {
    const pieces = this.tf.split(
      values,
      this.parameters.map(({ size }) => size),
    );
    return pieces.map((piece, i) => piece.reshape([...this.parameters[i].shape]));
  }
}

function checkTrainable(layer: Network["layers"][number]): void {
  const fits =
    layer.kind === "add" ||
    (layer.kind === "conv" && layer.groups === 1 && layer.bias && layer.stride[0] === layer.stride[1]);
  if (!fits || activationOf(layer) === "relu6") {
    throw new RangeError(
      `layer ${layer.name}: a network to be trained must consist of ungrouped convolutions with bias and equal strides, additions and relu`,
    );
  }
}

function activationOf(layer: Network["layers"][number]): string {
  return "activation" in layer ? layer.activation : "none";
}

function paddingOf({ padding, kernel, stride }: ConvLayer): ConvPadding {
  const keepsSize = stride[0] === 1 && kernel.every((k) => k === kernel[0] && k % 2 === 1);
  const half = (kernel[0] - 1) / 2;
  return keepsSize && padding !== "same" && padding.every((p) => p === half) ? "same" : padding;
}
