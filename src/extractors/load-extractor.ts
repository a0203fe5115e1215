import { DataError } from "../core/errors.js";
import { checkOptions, integerIn } from "../core/options.js";
import {
  type CompiledNetwork,
  type DeviceName,
  type EngineName,
  loadEngine,
  usefulThreads,
} from "../engines/index.js";
import { describePreparation, type Preparation } from "../images/index.js";
import {
  channelsOf,
  featureSizes,
  type LoadedWeights,
  layerNamed,
  loadWeights,
  type Network,
  networkNamed,
  networkNames,
  type Weights,
  weightsAtInputSize,
} from "../networks/index.js";
import { Extractor } from "./extractor.js";
import { type ExtractorFile, findExtractorFile, readExtractorFile } from "./extractor-file.js";
import { imageNetwork, type Scale } from "./image-network.js";
import { joinedStep, joinLayers } from "./join-layers.js";
import { ThreadedNetwork } from "./threaded-network.js";

/** Options of `loadExtractor`. */
export interface ExtractorOptions {
  /** Compute engine; default the best one that is installed. */
  engine?: EngineName;
  /**
   * Layer whose output, averaged over all pixels, is the feature; default the network's own choice. Several, as a list or joined
   * as in "layer2+layer3", are computed in one run and concatenated, each scaled to unit length: beyond the published method.
   */
  layer?: string | readonly string[];
  /**
   * Side of the square input in pixels; the shorter side is resized in proportion. Default the extractor's own. The feature of "embedded" and
   * of extractors of your own is computed at the sizes up to this one that their weights know, as `preparations` then says.
   */
  inputSize?: number;
  /**
   * File of the network's weights: .safetensors, or what torch.save wrote. Default the one in the folders of DN2_DATA, the
   * cache or the package.
   */
  weights?: string;
  /**
   * Threads of the engine. Default one for each core; onnxruntime-node halves them during a long extraction as long as that is measured to
   * be faster. Features do not depend on it.
   */
  threads?: number;
  /** What the network runs on, default cpu; `dn2 doctor` says what there is. */
  device?: DeviceName;
}

/** Name of the extractor that has no network: the pixels themselves, the plainest reference. */
const pixels = "pixels";

/** @returns the names of the extractors that need no file: every network, and "pixels" */
export function extractorNames(): string[] {
  return [...networkNames(), pixels];
}

/**
 * Loads a pretrained network and makes an extractor of it.
 *
 * @param name - name of a network ("embedded" needs no download); "pixels": no network, the feature is the image
 * itself at 32 x 32 RGB with values in [0, 1]; or the file of an extractor of your own, which `distillExtractor` wrote, with or
 * without its ending .safetensors
 * @param options - engine, layer, input size, file of weights, threads, device
 * @returns the extractor
 * @throws RangeError when the network, the layer or the input size is unknown or too small
 * @throws RangeError when the device cannot be used, saying why
 * @throws DataError when the weights are missing, damaged or not the network's, or the file is no extractor's
 */
export async function loadExtractor(name: string, options: ExtractorOptions = {}): Promise<Extractor> {
  checkOptions("loadExtractor", options, ["engine", "layer", "inputSize", "weights", "threads", "device"]);
  if (name === pixels) return pixelExtractor(options);
  const file = networkNames().includes(name) ? undefined : await ownExtractor(name, options);
  const network = file?.network ?? networkNamed(name);
  const names = chosenLayers(network, options.layer);
  const preparation = withInputSize(network, options.inputSize);
  const engine = await loadEngine(options.engine);
  const own = names.map((one) => layerNamed(network, one).name);
  // Other layers are asked for their details, which are lost at smaller sizes.
  const isFeature = own.length === 1 && own[0] === layerNamed(network, network.featureLayer).name;
  const loaded = file ?? (await loadWeights(network, options.weights));
  const { hash } = loaded;
  const sizes = isFeature ? featureSizes(network, loaded.sizes.keys(), preparation.crop) : [preparation.crop];
  const { threads, device = "cpu" } = options;
  const outputs = [true, false].flatMap((pooled) => own.map((layer) => ({ layer, pooled })));
  const compileFor = async (from: LoadedWeights, count: number | undefined) => {
    const { weights } = from;
    const compile = async (of: Weights) =>
      joinLayers(names.length, await engine.compile(network, of, { outputs, threads: count, device }));
    const plain = await compile(weights);
    const scales: Scale[] = [];
    for (const size of sizes) {
      const of = isFeature ? weightsAtInputSize(network, weights, from.sizes, size, from.path) : weights;
      const compiled = of === weights ? plain : await compile(of);
      scales.push({ compiled, preparation: withInputSize(network, size) });
    }
    return imageNetwork({ compiled: plain, preparation }, scales);
  };
  const compiled = await compileFor(loaded, threads);
  const choosesThreads = engine.name === "onnxruntime-node" && device === "cpu" && threads === undefined;
  const threaded = (usual: number) =>
    new ThreadedNetwork(compiled, usual, async (count) => {
      // Read again, since weights that are kept would take as much memory as the network itself.
      const again = await (file ? readExtractorFile(file.path) : loadWeights(network, options.weights));
      if (again.hash !== hash)
        throw new DataError(`the weights of ${network.name} have changed since they were loaded`);
      return compileFor(again, count);
    });
  const channels = channelsOf(network);
  const dimensions = own.reduce((sum, layer) => sum + (channels.get(layer)?.output ?? 0), 0);
  const provenance = {
    extractor: network.name,
    layer: names.join("+"),
    weightsHash: hash,
    preparation: describePreparation(...compiled.preparations(0)),
    engine: `${engine.name} ${engine.version}${device === "cpu" ? "" : ` on ${device}`}`,
    ...(names.length > 1 ? { steps: [joinedStep] } : {}),
  };
  const chosen = choosesThreads ? threaded(usefulThreads()) : compiled;
  return new Extractor(dimensions, provenance, chosen);
}

/**
 * The layers that make a feature.
 *
 * @param network - the network
 * @param layer - one name, several joined by "+", a list, or undefined for the network's own choice
 * @returns the names, each that of a layer or a block
 * @throws RangeError when a name is unknown or two stand for the same layer
 */
export function chosenLayers(network: Network, layer?: string | readonly string[]): string[] {
  const names = typeof layer === "string" ? layer.split("+") : [...(layer ?? [network.featureLayer])];
  const own = names.map((name) => layerNamed(network, name).name);
  if (names.length === 0 || new Set(own).size < own.length) {
    throw new RangeError(
      `layers of ${network.name} must be at least one and all different; got ${names.join(", ") || "none"}`,
    );
  }
  return names;
}

async function ownExtractor(name: string, { weights }: ExtractorOptions): Promise<ExtractorFile> {
  const path = findExtractorFile(name);
  if (path === undefined) {
    const names = extractorNames().join(", ");
    throw new RangeError(
      `unknown extractor: ${name}; choose from ${names}, or name a file that dn2 distill wrote`,
    );
  }
  if (weights !== undefined) {
    throw new TypeError(
      `the extractor ${name} brings its own weights, so weights must not be given; got ${weights}`,
    );
  }
  return readExtractorFile(path);
}

function withInputSize(network: Network, inputSize: number | undefined): Preparation {
  const own = network.preparation;
  if (inputSize === undefined) return own;
  integerIn(`input size of ${network.name}`, inputSize, network.minSize, 4096);
  return { ...own, resize: Math.round((inputSize * own.resize) / own.crop), crop: inputSize };
}

function pixelExtractor(options: ExtractorOptions): Extractor {
  for (const key of ["engine", "layer", "weights", "threads", "device"] as const) {
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
  const compiled: CompiledNetwork = {
    run: async (input, shape, wanted = [0, 1]) =>
      wanted.map((i) => ({ layer: "input", shape: i === 0 ? [shape[0], dimensions] : shape, data: input })),
    dispose: () => {},
  };
  return new Extractor(dimensions, provenance, imageNetwork({ compiled, preparation }));
}
