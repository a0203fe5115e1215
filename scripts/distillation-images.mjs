// Which images the embedded extractor is distilled from, and which it never sees, so that both can be measured.
import { Random } from "../dist/src/core/random.js";

const fashionBank = 600;

/**
 * The unlabelled training images: all of CIFAR-10, half of CIFAR-100, and of FashionMNIST 3,000 outside the first 600 of each class.
 * The choice is the same for every seed of the training.
 *
 * @param {string} name - data set
 * @param {import("../dist/src/datasets/index.js").ImageSet} train - its training part
 * @returns {{ images: import("../dist/src/datasets/index.js").ImageSet, which: string }} the images and how they were chosen
 */
export function distillationImages(name, train) {
  if (name === "cifar10") return { images: train, which: "all" };
  if (name === "cifar100") {
    const count = Math.floor(train.length / 2);
    return { images: train.subset(drawn(train.length, count, name)), which: "half, drawn with seed 0" };
  }
  if (name === "fashion-mnist") {
    const bank = new Set(train.firstOfEachClass(fashionBank).ids);
    const others = train.subset(Int32Array.from(train.ids.keys()).filter((i) => !bank.has(train.ids[i])));
    return {
      images: others.subset(drawn(others.length, Math.min(3000, others.length), name)),
      which: `drawn with seed 0 outside the first ${fashionBank} of each class`,
    };
  }
  throw new RangeError(`the embedded extractor is not distilled from ${name}`);
}

function drawn(length, count, name) {
  return new Random(0).fork(name).sample(length, count).sort();
}
