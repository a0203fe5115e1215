import type { Preparation } from "../images/prepare.js";

/** How torchvision prepares images for networks trained on ImageNet: shorter side 256, centre 224, its mean and deviation. */
export const imagenetPreparation: Preparation = {
  resize: 256,
  crop: 224,
  filter: "bilinear",
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
