export { type BadImage, type ExtractOptions, Extractor } from "./extractor.js";
export { writeFeatures } from "./feature-file.js";
export { Features, type Provenance } from "./features.js";
export { type ExtractorOptions, extractorNames, loadExtractor } from "./load-extractor.js";
export { type NpyArray, type NpyData, readNpy, writeNpy } from "./npy.js";
