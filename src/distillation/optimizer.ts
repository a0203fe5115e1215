import type { Tensor1D } from "@tensorflow/tfjs";
import type { TensorFlow } from "./trainable-ops.js";

/** Form of the one-cycle schedule. */
export interface OneCycleOptions {
  /** Largest learning rate. */
  peak: number;
  /** Share of the training in which the rate rises, in (0, 1). */
  warmup: number;
  /** First rate as a share of the peak. */
  start: number;
  /** Last rate as a share of the peak. */
  end: number;
}

/**
 * Learning rate of the one-cycle schedule (Smith and Topin 2018): half a cosine up to the peak, half a cosine down.
 *
 * @param progress - share of the training that is done, in [0, 1]
 * @param options - peak, warm-up share, first and last rate
 * @returns the learning rate
 */
export function oneCycle(progress: number, { peak, warmup, start, end }: OneCycleOptions): number {
  const blend = (from: number, to: number, t: number) => to + ((from - to) * (1 + Math.cos(Math.PI * t))) / 2;
  if (progress < warmup) return blend(peak * start, peak, progress / warmup);
  return blend(peak, peak * end, Math.min(1, (progress - warmup) / (1 - warmup)));
}

/** Constants of AdamW. */
export interface AdamWOptions {
  /** Share of the old running mean of the gradient kept at a step. */
  beta1: number;
  /** Share of the old running mean of the squared gradient kept at a step. */
  beta2: number;
  /** Added to the root of the running mean of the squared gradient. */
  epsilon: number;
  /** Share of a weight taken away at a step with learning rate 1. */
  weightDecay: number;
}

/** State of AdamW as plain numbers: what a checkpoint keeps. */
export interface AdamWState {
  /** All parameters, one after the other. */
  parameters: Float32Array;
  /** Running means of the gradient. */
  firstMoment: Float32Array;
  /** Running means of the squared gradient. */
  secondMoment: Float32Array;
  /** Steps made. */
  steps: number;
}

/**
 * AdamW (Loshchilov and Hutter 2019) over one flat vector of parameters.
 *
 * Decay is applied to the weights directly and only where the mask says so.
 */
export class AdamW {
  #parameters: Tensor1D;
  #first: Tensor1D;
  #second: Tensor1D;
  readonly #mask: Tensor1D;
  #steps: number;

  /**
   * @param tf - tfjs-node
   * @param state - parameters, and the moments to go on from
   * @param mask - 1 for parameters that decay, 0 for others
   * @param options - constants
   */
  constructor(
    readonly tf: TensorFlow,
    state: AdamWState,
    mask: Float32Array,
    readonly options: AdamWOptions,
  ) {
    this.#parameters = tf.tensor1d(state.parameters);
    this.#first = tf.tensor1d(state.firstMoment);
    this.#second = tf.tensor1d(state.secondMoment);
    this.#mask = tf.tensor1d(mask);
    this.#steps = state.steps;
  }

  /** The parameters as they are now; valid until the next step. */
  get parameters(): Tensor1D {
    return this.#parameters;
  }

  /**
   * Makes one step.
   *
   * @param gradient - the loss's derivative for each parameter
   * @param rate - learning rate
   */
  step(gradient: Tensor1D, rate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    this.#steps++;
    const unbias1 = 1 - beta1 ** this.#steps;
    const unbias2 = 1 - beta2 ** this.#steps;
    const old = [this.#parameters, this.#first, this.#second];
    [this.#parameters, this.#first, this.#second] = this.tf.tidy(() => {
      const first = this.#first.mul(beta1).add(gradient.mul(1 - beta1)) as Tensor1D;
      const second = this.#second.mul(beta2).add(gradient.square().mul(1 - beta2)) as Tensor1D;
      const move = first.div(second.div(unbias2).sqrt().add(epsilon)).mul(rate / unbias1);
      const decay = this.#parameters.mul(this.#mask).mul(rate * weightDecay);
      return [this.#parameters.sub(decay).sub(move) as Tensor1D, first, second];
    });
    this.tf.dispose(old);
  }

  /** @returns a copy of the state */
  state(): AdamWState {
    return {
      parameters: this.#parameters.dataSync<"float32">().slice(),
      firstMoment: this.#first.dataSync<"float32">().slice(),
      secondMoment: this.#second.dataSync<"float32">().slice(),
      steps: this.#steps,
    };
  }

  /** Frees the memory. */
  dispose(): void {
    this.tf.dispose([this.#parameters, this.#first, this.#second, this.#mask]);
  }
}
