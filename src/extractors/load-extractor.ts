import { checkOptions, integerIn, oneOf } from "../core/options.js";
import { type EngineName, loadEngine } from "../engines/index.js";
import { describePreparation, type Preparation } from "../images/index.js";
import {
  describe,
  layerNamed,
  loadWeights,
  type Network,
  networkNamed,
  networkNames,
} from "../networks/index.js";
import { Extractor } from "./extractor.js";

/** Options of `loadExtractor`. */
export interface ExtractorOptions {
  /** Compute engine; default the best one that is installed. */
  engine?: EngineName;
  /** Layer whose output, averaged over all pixels, is the feature; default the network's own choice. */
  layer?: string;
  /** Side of the square input in pixels; the shorter side is resized in proportion. Default the extractor's own. */
  inputSize?: number;
  /**
   * File of the network's weights: .safetensors, or what torch.save wrote. Default the one in the folders of DN2_DATA, the
   * cache or the package.
   */
  weights?: string;
  /** Threads of the engine; default one for each core. */
  threads?: number;
}

/** Name of the extractor that has no network: the pixels themselves, the plainest reference. */
const pixels = "pixels";

/** @returns the names of all extractors: every network, and "pixels" */
export function extractorNames(): string[] {
  return [...networkNames(), pixels];
}

/**
 * Loads a pretrained network and makes an extractor of it.
 *
 * @param name - name of a network ("embedded" needs no download), or "pixels": no network, the feature is the image
 * itself at 32 x 32 RGB with values in [0, 1]
 * @param options - engine, layer, input size, file of weights, threads
 * @returns the extractor
 * @throws RangeError when the network, the layer or the input size is unknown or too small
 * @throws DataError when the weights are missing, damaged or not the network's
 */
export async function loadExtractor(name: string, options: ExtractorOptions = {}): Promise<Extractor> {
  checkOptions("loadExtractor", options, ["engine", "layer", "inputSize", "weights", "threads"]);
  oneOf("extractor", name, extractorNames());
  if (name === pixels) return pixelExtractor(options);
  const network = networkNamed(name);
  const layer = layerNamed(network, options.layer ?? network.featureLayer);
  const preparation = withInputSize(network, options.inputSize);
  const engine = await loadEngine(options.engine);
  const { weights, hash } = await loadWeights(network, options.weights);
  const compiled = await engine.compile(network, weights, {
    outputs: [
      { layer: layer.name, pooled: true },
      { layer: layer.name, pooled: false },
    ],
    threads: options.threads,
  });
  const shapes = describe(network, preparation.crop || network.minSize);
  const [dimensions] = shapes.find((shape) => shape.name === layer.name)?.shape ?? [0];
  const provenance = {
    extractor: name,
    layer: options.layer ?? network.featureLayer,
    weightsHash: hash,
    preparation: describePreparation(preparation),
    engine: `${engine.name} ${engine.version}`,
  };
  return new Extractor(preparation, dimensions, provenance, compiled);
}

function withInputSize(network: Network, inputSize: number | undefined): Preparation {
  const own = network.preparation;
  if (inputSize === undefined) return own;
  integerIn(`input size of ${network.name}`, inputSize, network.minSize, 4096);
  return { ...own, resize: Math.round((inputSize * own.resize) / own.crop), crop: inputSize };
}

function pixelExtractor(options: ExtractorOptions): Extractor {
  for (const key of ["engine", "layer", "weights", "threads"] as const) {
    if (options[key] !== undefined) {
      throw new TypeError(
        `the extractor pixels has no network, so ${key} must not be given; got ${options[key]}`,
      );
    }
  }
  const size = integerIn("input size of pixels", options.inputSize ?? 32, 1, 4096);
  const preparation: Preparation = {
    resize: size,
    crop: size,
    filter: "bilinear",
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  const dimensions = 3 * size * size;
  const provenance = {
    extractor: pixels,
    layer: "input",
    weightsHash: "none",
    preparation: describePreparation(preparation),
    engine: "none",
  };
  return new Extractor(preparation, dimensions, provenance, {
    run: async (input, shape, wanted = [0, 1]) =>
      wanted.map((i) => ({ layer: "input", shape: i === 0 ? [shape[0], dimensions] : shape, data: input })),
    dispose: () => {},
  });
}
