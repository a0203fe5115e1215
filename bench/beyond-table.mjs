const percent = (value) => (100 * value).toFixed(2);
const signed = (value) => `${value >= 0 ? "+" : ""}${percent(value)}`;

function cellOf(figure) {
  if (!figure) return "";
  const { rocAuc, interval, difference, differenceInterval, pixelRocAuc } = figure;
  const pixels = pixelRocAuc === undefined ? "" : `; pixels ${percent(pixelRocAuc)}`;
  if (difference === undefined) return `${percent(rocAuc)} [${interval.map(percent).join(", ")}]${pixels}`;
  const clear = differenceInterval[0] > 0 || differenceInterval[1] < 0;
  const gain = `${signed(difference)} [${differenceInterval.map(signed).join(", ")}]`;
  return `${percent(rocAuc)} (${clear ? `**${gain}**` : gain})${pixels}`;
}

function section(dataset, about, figures) {
  const own = figures.filter((figure) => figure.dataset === dataset);
  const single = own.filter(({ method }) => !method.startsWith("ensemble"));
  const extractors = [...new Set(single.map(({ extractor }) => extractor))];
  const methods = [...new Set(single.map(({ method }) => method))];
  const find = (extractor, method) => own.find((one) => one.extractor === extractor && one.method === method);
  const limits = [
    ...(about.limitTrain ? [`the first ${about.limitTrain} training images of each class`] : []),
    ...(about.limitTest ? [`the first ${about.limitTest} test images of each class`] : []),
  ];
  return [
    `## ${dataset}`,
    "",
    `${about.train} training and ${about.test} test images${limits.length > 0 ? ` (reduced: ${limits.join(", ")})` : ""}; images ${about.contentHash.slice(0, 12)}.`,
    "",
    `| | ${extractors.join(" | ")} |`,
    `|${"---|".repeat(extractors.length + 1)}`,
    ...methods.map(
      (method) => `| ${method} | ${extractors.map((name) => cellOf(find(name, method))).join(" | ")} |`,
    ),
    "",
    ...own
      .filter(({ method }) => method.startsWith("ensemble"))
      .map((figure) => `- ensemble of ${figure.extractor}, against MobileNetV2 alone: ${cellOf(figure)}`),
    "",
  ];
}

/**
 * @param content - what results/beyond.json holds
 * @returns the tables of results/BEYOND.md
 */
export function beyondTable({ k, sets, figures }) {
  return [
    "# Beyond the paper",
    "",
    "Written by `node bench/beyond.mjs` from [beyond.json](beyond.json). Nothing here but the first row of each table is DN2 as published.",
    "",
    `Unimodal experiment: each class in turn is normal; mean ROCAUC over the classes in %, k = ${k}, mean squared distance, [95 % interval]. In brackets the`,
    "difference to raw DN2 with the same network and the same test images, with its paired 95 % interval, bold where it does not hold 0. There are many",
    "comparisons: of twenty without any effect one is bold by chance. Intervals are for other test images, not for other training images or seeds.",
    "",
    "- whitened, all directions: shrinkage of Ledoit and Wolf; with components: PCA whitening without shrinkage; both fitted to the normal class's training images.",
    "- two layers: MobileNetV2 features.13 and 18, SqueezeNet features.7 and 12, MobileNet-EdgeTPU blocks.16 and head, embedded blocks.3 and 5. Each scaled to unit",
    "  length is what `--layer a+b` does; the other rows put the layers together as they are, or scaled to equal mean distance between training neighbors.",
    "- patches: MobileNetV2 features.6+features.13, embedded blocks.2+blocks.4 (input 64 pixels for synthetic-defects), mean over 3 x 3 places, at most 5,000 patches",
    "  a class (2,000 for CIFAR-10 and FashionMNIST), one nearest patch. pixels: ROCAUC of all pixels against the masks.",
    "- The embedded network has seen training images of CIFAR-10 and FashionMNIST without labels.",
    "",
    ...Object.entries(sets).flatMap(([dataset, about]) => section(dataset, about, figures)),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}
