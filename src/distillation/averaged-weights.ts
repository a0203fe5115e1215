import type { Tensor1D } from "@tensorflow/tfjs";
import type { TensorFlow } from "./trainable-ops.js";

/** A running average of the parameters over the last steps, which is steadier than the parameters themselves. */
export class AveragedWeights {
  #average: Tensor1D;
  #steps: number;

  /**
   * @param tf - tfjs-node
   * @param start - the average so far, or the first parameters
   * @param steps - steps averaged so far
   * @param decay - share of the old average kept at a step; less at first, (1 + steps) / (10 + steps)
   */
  constructor(
    readonly tf: TensorFlow,
    start: Float32Array,
    steps: number,
    readonly decay: number,
  ) {
    this.#average = tf.tensor1d(start);
    this.#steps = steps;
  }

  /** The average as it is now; valid until the next step. */
  get values(): Tensor1D {
    return this.#average;
  }

  /** @param parameters - the parameters after a step */
  step(parameters: Tensor1D): void {
    const decay = Math.min(this.decay, (1 + this.#steps) / (10 + this.#steps));
    this.#steps++;
    const old = this.#average;
    this.#average = this.tf.tidy(() => old.mul(decay).add(parameters.mul(1 - decay)) as Tensor1D);
    old.dispose();
  }

  /** Frees the memory. */
  dispose(): void {
    this.#average.dispose();
  }
}
