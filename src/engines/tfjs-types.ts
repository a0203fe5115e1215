import type * as tfjs from "@tensorflow/tfjs";

/** The library that both TensorFlow.js engines offer. */
export type Tf = typeof tfjs;

export type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
