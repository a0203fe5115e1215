export type { ResizeFilter } from "./coefficients.js";
export { type DecodeOptions, decodeImage } from "./decode.js";
export { encodePng } from "./encode.js";
export { imageExtensions } from "./format.js";
export { mirror } from "./mirror.js";
export {
  describePreparation,
  type Preparation,
  type PreparedImage,
  type PreparedWindow,
  prepare,
  preparedWindow,
  resizedSize,
  toRgb,
} from "./prepare.js";
export {
  type BadImage,
  type LoadedImage,
  type LoadImagesOptions,
  loadImage,
  loadImages,
  readImage,
} from "./read.js";
export { resize, resizeWindow, type Window } from "./resize.js";
export { toTensor } from "./tensor.js";
