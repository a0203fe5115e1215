import type { CompiledNetwork, Output } from "../engines/index.js";
import { type Preparation, type PreparedImage, toTensor } from "../images/index.js";

/** Outputs of an extractor's network: 0, the averages over all pixels; 1, the maps. */
export type FeatureOutput = 0 | 1;

/** How an image is prepared, at each of the sizes that are looked at. */
export type Preparations = readonly [Preparation, ...Preparation[]];

/** What turns prepared images into features: a network, or one that looks at an image at several sizes. */
export interface ImageNetwork {
  /**
   * @param output - what is wanted
   * @returns how an image is prepared for it, once for each size that is looked at
   */
  preparations(output: FeatureOutput): Preparations;
  /**
   * Runs a batch.
   *
   * @param images - at least one image, each in all its preparations; those of one preparation have one size
   * @param output - what is wanted
   * @returns images x channels for averages, images x channels x height x width for maps
   */
  run(images: readonly (readonly PreparedImage[])[], output: FeatureOutput): Promise<Output>;
  /** Gives the memory back; the network cannot run any more. */
  dispose(): void;
}

/** A size at which a network looks at an image. */
export interface Scale {
  /** The network, with the weights for that size; averages are its output 0. */
  readonly compiled: CompiledNetwork;
  /** How an image becomes its input. */
  readonly preparation: Preparation;
}

/**
 * A network whose averages are the mean over several sizes of an image, and whose maps are those of one.
 *
 * @param own - gives the maps as output 1
 * @param scales - sizes whose averages count, at least one; default that of the maps
 * @returns the network
 */
export function imageNetwork(own: Scale, scales: readonly Scale[] = [own]): ImageNetwork {
  const scalesFor = (output: FeatureOutput) => (output === 0 ? scales : [own]);
  return {
    preparations: (output) =>
      scalesFor(output).map(({ preparation }) => preparation) as [Preparation, ...Preparation[]],
    async run(images, output) {
      const outputs: Output[] = [];
      for (const [i, { compiled, preparation }] of scalesFor(output).entries()) {
        const prepared = images.map((sizes) => sizes[i]);
        const { width, height } = prepared[0];
        const shape = [images.length, 3, height, width] as const;
        outputs.push(...(await compiled.run(toTensor(prepared, preparation), shape, [output])));
      }
      return outputs.length === 1 ? outputs[0] : meanOf(outputs);
    },
    dispose() {
      for (const compiled of new Set([own, ...scales].map((scale) => scale.compiled))) compiled.dispose();
    },
  };
}

function meanOf(outputs: readonly Output[]): Output {
  const [first, ...others] = outputs;
  const data = first.data.map(
    (value, i) => others.reduce((sum, other) => sum + other.data[i], value) / outputs.length,
  );
  return { ...first, data };
}
