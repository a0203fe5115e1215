export { drawVariations, type PixelBlock, type PixelScale, type Variation, variedBatch } from "./augment.js";
export { AveragedWeights } from "./averaged-weights.js";
export { type BatchOptions, epochBatches, type LargerInput, type PlannedBatch } from "./batches.js";
export { blend, packWeights, unpackWeights } from "./blend.js";
export {
  type EpochReport,
  readCheckpoint,
  type TrainingState,
  type WithinEpoch,
  writeCheckpoint,
} from "./checkpoint.js";
export { type DistillationResult, distill } from "./distill.js";
export { AdamW, type AdamWOptions, type AdamWState, type OneCycleOptions, oneCycle } from "./optimizer.js";
export { pixelBlock } from "./prepare-images.js";
export { type DistillationOptions, type DistillationSettings, distillationSettings } from "./settings.js";
export { type SmoothingOptions, smoothTargets } from "./smooth-targets.js";
export { startStudent } from "./start-student.js";
export { Student } from "./student.js";
export type { StudentParameter } from "./student-parameters.js";
export { StudentStatistics } from "./student-statistics.js";
export { makeTargets, type Targets, type TeacherView, wholeTargets } from "./targets.js";
export { mirrored, type TeacherOptions, teacherFeatures } from "./teacher.js";
export { trainingTensorFlow } from "./tensorflow.js";
export {
  type BatchStatistics,
  type ConvForm,
  type ConvPadding,
  type TensorFlow,
  TrainableOps,
} from "./trainable-ops.js";
export type { DistillationData } from "./training.js";
