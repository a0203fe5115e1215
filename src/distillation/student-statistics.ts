import type { Tensor1D } from "@tensorflow/tfjs";
import { normEpsilon as epsilon } from "./student-parameters.js";
import type { BatchStatistics, TensorFlow } from "./trainable-ops.js";

/** Means and variances of a student's convolutions, one pair a convolution in the network's order. */
export class StudentStatistics {
  /**
   * @param means - per convolution one mean a filter
   * @param variances - per convolution one variance a filter
   */
  constructor(
    readonly means: readonly Float64Array[],
    readonly variances: readonly Float64Array[],
  ) {}

  /**
   * @param packed - Float32Array, what `pack` gave
   * @param filters - number of filters of each convolution
   * @returns the statistics
   * @throws RangeError when there are not two numbers a filter
   */
  static unpack(packed: Float32Array, filters: readonly number[]): StudentStatistics {
    const all = filters.reduce((sum, count) => sum + count, 0);
    if (packed.length !== 2 * all) {
      throw new RangeError(`the statistics must be ${2 * all} numbers; got ${packed.length}`);
    }
    let next = 0;
    const part = (count: number) => {
      next += count;
      return Float64Array.from(packed.subarray(next - count, next));
    };
    return new StudentStatistics(filters.map(part), filters.map(part));
  }

  /** @returns Float32Array: all means, then all variances, convolution by convolution */
  pack(): Float32Array {
    return Float32Array.from([...this.means, ...this.variances].flatMap((values) => [...values]));
  }

  /**
   * @param tf - tfjs-node
   * @returns one pair of tensors a convolution, to be disposed of
   */
  tensors(tf: TensorFlow): BatchStatistics[] {
    const tensor = (values: Float64Array): Tensor1D => tf.tensor1d(Float32Array.from(values));
    return this.means.map((means, i) => ({ mean: tensor(means), variance: tensor(this.variances[i]) }));
  }

  /**
   * What makes kernels folded with these statistics those folded with others.
   *
   * @param others - the statistics wanted, of the same convolutions
   * @returns per convolution one factor a filter
   */
  scaleFactors(others: StudentStatistics): Float32Array[] {
    return this.variances.map((variances, i) =>
      Float32Array.from(variances, (variance, f) =>
        Math.sqrt((variance + epsilon) / (others.variances[i][f] + epsilon)),
      ),
    );
  }
}
