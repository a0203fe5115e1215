import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs";

/** The TensorFlow.js module that training runs on: `@tensorflow/tfjs-node`, of the same interface as `@tensorflow/tfjs`. */
export type TensorFlow = typeof import("@tensorflow/tfjs");

/** Zeros around an image: "same" for TensorFlow's rule, or pixels at top, left, bottom, right. */
export type ConvPadding = "same" | readonly [number, number, number, number];

/** Mean and variance of every channel, over the images and pixels of one batch. */
export interface BatchStatistics {
  /** One mean per channel. */
  mean: Tensor1D;
  /** One variance per channel, divided by the count. */
  variance: Tensor1D;
}

interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

interface NodeBackend {
  binding: Record<
    "TF_ATTR_TYPE" | "TF_ATTR_INT" | "TF_ATTR_FLOAT" | "TF_ATTR_STRING" | "TF_ATTR_BOOL" | "TF_FLOAT",
    number
  >;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

type Saver = (tensors: Tensor[]) => void;

/**
 * The layers of a network with their gradients, each one TensorFlow kernel forward and one per gradient.
 *
 * TensorFlow.js composes batch normalisation of a batch and the gradient of the rectifier from many element-wise kernels; the
 * library below it has each as one, which is several times as fast.
 */
export class TrainableOps {
  readonly #tf: TensorFlow;
  readonly #backend: NodeBackend;
  readonly #float: Attribute;

  /**
   * @param tf - tfjs-node, with its native backend active
   * @throws TypeError when another backend is active
   */
  constructor(tf: TensorFlow) {
    if (tf.getBackend() !== "tensorflow") {
      throw new TypeError(`training needs the tfjs-node engine; the active backend is ${tf.getBackend()}`);
    }
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.#float = this.#type("T");
  }

  /**
   * A two-dimensional convolution.
   *
   * @param x - n x height x width x channels
   * @param kernel - height x width x channels x filters
   * @param stride - step in both directions in pixels
   * @param padding - zeros around the image
   * @param constant - whether `x` is data, for which no gradient is needed
   * @returns n x height x width x filters
   */
  conv(x: Tensor4D, kernel: Tensor4D, { stride, padding, constant = false }: ConvForm): Tensor4D {
    const attributes = this.#convAttributes(stride, padding);
    const forward = (input: Tensor, filter: Tensor) =>
      this.#backend.executeSingleOutput("Conv2D", attributes, [input, filter]);
    const kernelGradient = (input: Tensor, dy: Tensor) =>
      this.#backend.executeSingleOutput("Conv2DBackpropFilter", attributes, [input, this.#shape(kernel), dy]);
    if (constant) {
      return this.#custom([kernel], ([filter], save) => {
        save([]);
        return { value: forward(x, filter), gradients: (dy) => [kernelGradient(x, dy)] };
      }) as Tensor4D;
    }
    return this.#custom([x, kernel], ([input, filter], save) => {
      save([input, filter]);
      return {
        value: forward(input, filter),
        gradients: (dy, saved) => [
          this.#backend.executeSingleOutput("Conv2DBackpropInput", attributes, [
            this.#shape(x),
            saved[1],
            dy,
          ]),
          kernelGradient(saved[0], dy),
        ],
      };
    }) as Tensor4D;
  }

  /**
   * Batch normalisation with the statistics of the batch itself.
   *
   * @param x - n x height x width x channels
   * @param gamma - factor per channel
   * @param beta - offset per channel
   * @param options - epsilon: added to the variance; onStatistics: receives the batch's statistics, to be disposed of by the receiver
   * @returns x normalised, of the same shape
   */
  batchNorm(
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    options: { epsilon: number; onStatistics?: (statistics: BatchStatistics) => void },
  ): Tensor4D {
    const attributes = this.#normAttributes(options.epsilon, true);
    const { TF_ATTR_FLOAT } = this.#backend.binding;
    const factor = { name: "exponential_avg_factor", type: TF_ATTR_FLOAT, value: 1 };
    return this.#custom([x, gamma, beta], ([input, scale, offset], save) => {
      const none = this.#tf.tensor1d([]);
      const [value, , , ...reserved] = this.#backend.executeMultipleOutputs(
        "FusedBatchNormV3",
        [...attributes, factor],
        [input, scale, offset, none, none],
        6,
      );
      if (options.onStatistics) {
        const [mean, variance] = reserved
          .slice(0, 2)
          .map((tensor) => this.#tf.keep(tensor.clone()) as Tensor1D);
        options.onStatistics({ mean, variance });
      }
      save([input, scale, ...reserved]);
      return {
        value,
        gradients: (dy, saved) =>
          this.#backend
            .executeMultipleOutputs("FusedBatchNormGradV3", attributes, [dy, ...saved], 5)
            .slice(0, 3),
      };
    }) as Tensor4D;
  }

  /**
   * Batch normalisation with given statistics, as an exported network has it.
   *
   * @param x - n x height x width x channels
   * @param gamma - factor per channel
   * @param beta - offset per channel
   * @param options - epsilon: added to the variance; statistics: subtracted and divided by, without a gradient
   * @returns x normalised, of the same shape
   */
  fixedNorm(
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    options: { epsilon: number; statistics: BatchStatistics },
  ): Tensor4D {
    const { mean, variance } = options.statistics;
    const attributes = this.#normAttributes(options.epsilon, false);
    return this.#custom([x, gamma, beta], ([input, scale, offset], save) => {
      const [value] = this.#backend.executeMultipleOutputs(
        "FusedBatchNormV3",
        attributes,
        [input, scale, offset, mean, variance],
        6,
      );
      save([input, scale]);
      return {
        value,
        gradients: (dy, saved) =>
          this.#backend
            .executeMultipleOutputs(
              "FusedBatchNormGradV3",
              attributes,
              [dy, ...saved, mean, variance, this.#tf.tensor1d([])],
              5,
            )
            .slice(0, 3),
      };
    }) as Tensor4D;
  }

  /**
   * The rectifier max(x, 0).
   *
   * @param x - a tensor
   * @returns a tensor of the same shape
   */
  relu<T extends Tensor>(x: T): T {
    return this.#custom([x], ([input], save) => {
      const value = this.#backend.executeSingleOutput("Relu", [this.#float], [input]);
      save([value]);
      return {
        value,
        gradients: (dy, [kept]) => [this.#backend.executeSingleOutput("ReluGrad", [this.#float], [dy, kept])],
      };
    }) as T;
  }

  #custom(
    inputs: Tensor[],
    compute: (
      inputs: Tensor[],
      save: Saver,
    ) => { value: Tensor; gradients: (dy: Tensor, saved: Tensor[]) => Tensor[] },
  ): Tensor {
    const op = this.#tf.customGrad((...args) => {
      const save = args.pop() as unknown as Saver;
      const { value, gradients } = compute(args as Tensor[], save);
      return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradients(dy, saved) };
    });
    return op(...inputs);
  }

  #shape(tensor: Tensor): Tensor1D {
    return this.#tf.tensor1d(tensor.shape, "int32");
  }

  #type(name: string): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_TYPE, value: this.#backend.binding.TF_FLOAT };
  }

  #normAttributes(epsilon: number, training: boolean): Attribute[] {
    const { TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL } = this.#backend.binding;
    return [
      this.#float,
      this.#type("U"),
      { name: "epsilon", type: TF_ATTR_FLOAT, value: epsilon },
      { name: "data_format", type: TF_ATTR_STRING, value: "NHWC" },
      { name: "is_training", type: TF_ATTR_BOOL, value: training },
    ];
  }

  #convAttributes(stride: number, padding: ConvPadding): Attribute[] {
    const { TF_ATTR_INT, TF_ATTR_STRING } = this.#backend.binding;
    const explicit = padding !== "same";
    return [
      this.#float,
      { name: "strides", type: TF_ATTR_INT, value: [1, stride, stride, 1] },
      { name: "padding", type: TF_ATTR_STRING, value: explicit ? "EXPLICIT" : "SAME" },
      ...(explicit
        ? [
            {
              name: "explicit_paddings",
              type: TF_ATTR_INT,
              value: [0, 0, padding[0], padding[2], padding[1], padding[3], 0, 0],
            },
          ]
        : []),
      { name: "data_format", type: TF_ATTR_STRING, value: "NHWC" },
      { name: "dilations", type: TF_ATTR_INT, value: [1, 1, 1, 1] },
    ];
  }
}

/** Step, zeros around the image, and whether the input is data without a gradient. */
export interface ConvForm {
  /** Step in both directions in pixels. */
  stride: number;
  /** Zeros around the image. */
  padding: ConvPadding;
  /** Whether the input is data, for which no gradient is needed; default false. */
  constant?: boolean;
}
