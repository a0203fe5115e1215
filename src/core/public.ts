export { Displayable, escapeHtml, jupyterDisplay, type MimeBundle } from "./display.js";
export { Aborted, DataError } from "./errors.js";
export type { Aspect, Crop, Image, ImageSource, Mask } from "./image.js";
export { type InputOptions, input } from "./input.js";
export {
  formatProgress,
  type ProgressListener,
  ProgressMeter,
  type ProgressState,
  setProgressListener,
} from "./progress.js";
export { Random } from "./random.js";
