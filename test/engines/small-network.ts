import { add, concat, conv, maxPool } from "../../src/networks/index.js";
import { networkOf } from "../helpers/random-weights.js";

/** The network of test/golden/networks/make.py: every kind of layer once. */
export const smallNetwork = networkOf([
  conv("stem", "input", {
    filters: 8,
    kernel: 3,
    stride: 2,
    padding: 1,
    activation: "relu",
    batchNorm: "stem.bn",
  }),
  {
    ...conv("wide", "input", { filters: 4, kernel: 1 }),
    kernel: [1, 3],
    stride: [1, 2],
    padding: [0, 1, 0, 1],
  },
  maxPool("pool", "stem", { kernel: 3, stride: 2, padding: 1, ceilMode: true }),
  conv("depthwise", "stem", {
    filters: 8,
    kernel: 3,
    stride: 2,
    padding: "same",
    groups: 8,
    activation: "relu6",
  }),
  conv("double", "stem", { filters: 16, kernel: 5, stride: 2, padding: "same", groups: 8 }),
  conv("grouped", "stem", { filters: 12, kernel: 3, padding: 1, groups: 4 }),
  concat("joined", ["depthwise", "double"]),
  conv("project", "joined", { filters: 8, kernel: 1 }),
  add("added", ["project", "depthwise", "pool"], "relu"),
  maxPool("unpadded", "grouped", { kernel: 3, stride: 2, ceilMode: true }),
]);
