export { readCheckpoint } from "./checkpoint.js";
export { efficientnetB0 } from "./efficientnet.js";
export { embedded, embeddedBlocks, embeddedStemFilters } from "./embedded.js";
export { roundToFloat16 } from "./float16.js";
export {
  featureSizes,
  inputSizeTensors,
  type SizedTensors,
  splitByInputSize,
  weightsAtInputSize,
} from "./input-sizes.js";
export { add, average, type ConvOptions, concat, conv, maxPool, scale } from "./layers.js";
export { findWeights, type LoadedWeights, loadWeights } from "./load-weights.js";
export { mobilenetEdgetpu075 } from "./mobilenet-edgetpu.js";
export { mobilenetV2 } from "./mobilenet-v2.js";
export {
  type Activation,
  type AddLayer,
  type AverageLayer,
  type BatchNorm,
  type ConcatLayer,
  type ConvLayer,
  type Layer,
  layerNamed,
  layersFor,
  type MaxPoolLayer,
  type Network,
  networkInput,
  type Padding,
  type ScaleLayer,
  type WeightsOrigin,
} from "./network.js";
export { networkNamed, networkNames } from "./registry.js";
export { resnets } from "./resnet.js";
export { type Checkpoint, readSafetensors } from "./safetensors.js";
export { encodeSafetensors, type SafetensorsOptions, writeSafetensors } from "./safetensors-writer.js";
export {
  channelsOf,
  describe,
  type Extent,
  extent,
  type LayerChannels,
  type LayerShape,
  sides,
} from "./shapes.js";
export { squeezenet11 } from "./squeezenet.js";
export { vgg16 } from "./vgg.js";
export {
  bindWeights,
  type FoldedConv,
  foldConv,
  parameterShapes,
  type Tensor,
  type Weights,
} from "./weights.js";
