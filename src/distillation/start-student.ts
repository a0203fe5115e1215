import type { Tensor4D } from "@tensorflow/tfjs";
import type { Random } from "../core/random.js";
import type { ConvLayer, Tensor, Weights } from "../networks/index.js";
import type { Student } from "./student.js";
import { filtersLast, normEpsilon } from "./student-parameters.js";
import { StudentStatistics } from "./student-statistics.js";

/**
 * Parameters of the training form with which a student computes what its network computes with given weights: every
 * convolution's batch normalisation takes away what it adds, over the batches together. The head is drawn by chance.
 *
 * @param student - the student
 * @param weights - its network's weights, batch normalisation folded
 * @param batches - images, n x height x width x 3, prepared; disposed of by the receiver
 * @param random - the chance
 * @returns Float32Array of the student's size
 */
export function startStudent(
  student: Student,
  weights: Weights,
  batches: Iterable<Tensor4D>,
  random: Random,
): Float32Array {
  const { tf, parameters, network } = student;
  const convs = network.layers.filter((layer): layer is ConvLayer => layer.kind === "conv");
  const values = student.initial(random);
  const part = (i: number) =>
    values.subarray(parameters[i].offset, parameters[i].offset + parameters[i].size);
  const biases = convs.map((layer, i) => {
    const kernel = (weights.get(layer.weight) as Tensor).data;
    part(3 * i).set(filtersLast(kernel, parameters[3 * i].shape));
    const bias = (weights.get(layer.bias as string) as Tensor).data;
    part(3 * i + 2).set(bias);
    return bias;
  });
  const plain = new StudentStatistics(
    student.filters.map((filters) => new Float64Array(filters)),
    student.filters.map((filters) => new Float64Array(filters).fill(1 - normEpsilon)),
  ).tensors(tf);
  const current = tf.tensor1d(values);
  const { means, variances } = student.statistics(current, batches, plain);
  tf.dispose([current, ...plain.flatMap(({ mean, variance }) => [mean, variance])]);
  for (const [i, bias] of biases.entries()) {
    part(3 * i + 1).set(variances[i].map((variance) => Math.sqrt(variance + normEpsilon)));
    part(3 * i + 2).set(means[i].map((mean, f) => bias[f] + mean));
  }
  return values;
}
