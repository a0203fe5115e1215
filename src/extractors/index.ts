export {
  type BadImage,
  type ExtractOptions,
  Extractor,
  type ExtractorOptions,
  loadExtractor,
} from "./extractor.js";
export { writeFeatures } from "./feature-file.js";
export { Features, type Provenance } from "./features.js";
export { type NpyArray, type NpyData, readNpy, writeNpy } from "./npy.js";
