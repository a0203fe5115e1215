export type { ResizeFilter } from "./coefficients.js";
export { type DecodeOptions, decodeImage, loadImage, readImage } from "./decode.js";
export { encodePng } from "./encode.js";
export {
  describePreparation,
  type Preparation,
  type PreparedImage,
  prepare,
  resizedSize,
  toRgb,
} from "./prepare.js";
export { resize, resizeWindow, type Window } from "./resize.js";
export { toTensor } from "./tensor.js";
