export { type CacheEntryInfo, type ClearOptions, clearCache, listCache } from "./cache/contents.js";
export { defaultFeatureFolder, FeatureCache } from "./cache/feature-cache.js";
export type { UnfinishedExtraction } from "./cache/unfinished.js";
export type { BadImage, CacheUse, ExtractOptions } from "./extract-options.js";
export { Extractor } from "./extractor.js";
export {
  type ExtractorFile,
  type ExtractorParts,
  findExtractorFile,
  readExtractorFile,
  writeExtractorFile,
} from "./extractor-file.js";
export { extractToFile, writeFeatures } from "./feature-file.js";
export type { FeatureMap } from "./feature-maps.js";
export { Features, type Provenance } from "./features.js";
export { chosenLayers, type ExtractorOptions, extractorNames, loadExtractor } from "./load-extractor.js";
export { type NpyArray, type NpyData, readNpy, writeNpy } from "./npy.js";
export { Whitening, type WhiteningOptions } from "./whitening/whitening.js";
