/** A figure from a publication. */
export interface PublishedFigure {
  /** Experiment, as in `RunRecord.experiment`. */
  readonly experiment: string;
  /** Name of the data set, as in `loadDataSet`. */
  readonly dataset: string;
  /** Method that it belongs to. */
  readonly method: "DN2" | "Geometric" | "MHRot";
  /** Network whose features were used, or the method that was trained. */
  readonly extractor: string;
  /** Mean ROCAUC as a fraction. */
  readonly rocAuc: number;
  /** Where it stands, and whether it was checked there. */
  readonly source: string;
}

const paper = "Bergman, Cohen and Hoshen 2020";
const unverified = `${paper} (paper, unverified)`;

const figures: readonly PublishedFigure[] = (
  [
    ["unimodal", "cifar10", "DN2", 0.925, unverified],
    ["unimodal", "fashion-mnist", "DN2", 0.944, unverified],
    ["unimodal", "cifar100", "DN2", 0.893, unverified],
    ["unimodal", "dior", "DN2", 0.922, unverified],
    ["unimodal", "wbc", "DN2", 0.829, unverified],
    ["unimodal", "cifar10", "MHRot", 0.901, unverified],
    ["unimodal", "dior", "MHRot", 0.733, unverified],
    ["unimodal", "wbc", "MHRot", 0.605, unverified],
    ["multimodal", "cifar10", "DN2", 0.717, paper],
    ["multimodal", "cifar100", "DN2", 0.71, paper],
    ["multimodal", "cifar10", "Geometric", 0.617, paper],
    ["multimodal", "cifar100", "Geometric", 0.573, paper],
  ] as const
).map(([experiment, dataset, method, rocAuc, source]) => ({
  experiment,
  dataset,
  method,
  extractor: method === "DN2" ? "resnet101" : method,
  rocAuc,
  source,
}));

const statements: Readonly<Record<string, string>> = {
  groups: `mean pooling beats concatenation for groups of more than 3 images (${paper}, CIFAR-10)`,
  "few-images": `DN2 is good from 10 training images on (${paper}, CIFAR-10 and FashionMNIST)`,
  contamination: `ROCAUC falls with contamination, and cleaning half of the training images away improves it (${paper}, CIFAR-10)`,
  kmeans: `little is lost with few centers (${unverified}, CIFAR-10 and FashionMNIST)`,
  k: `k = 2 is enough (${unverified})`,
  ablation: `deeper networks are better (${unverified})`,
};

/**
 * The published figure of DN2 to compare a measured one with.
 *
 * @param experiment - name of the experiment
 * @param dataset - name of the data set
 * @returns the figure, or undefined where the paper has none
 */
export function publishedFigure(experiment: string, dataset: string): PublishedFigure | undefined {
  return publishedFigures(experiment, dataset).find(({ method }) => method === "DN2");
}

/**
 * Published figures of all methods.
 *
 * @param experiment - name of the experiment
 * @param dataset - name of the data set
 * @returns the figures, that of DN2 first; none where the paper has none
 */
export function publishedFigures(experiment: string, dataset: string): PublishedFigure[] {
  return figures.filter((figure) => figure.experiment === experiment && figure.dataset === dataset);
}

/**
 * What the paper says of an experiment whose curves are published as a picture only.
 *
 * @param experiment - name of the experiment
 * @param options - what the run was asked for; the paper says nothing of some variants
 * @returns one sentence, or undefined where the paper has a figure or nothing
 */
export function publishedStatement(
  experiment: string,
  options: { readonly rule?: unknown; readonly vary?: unknown } = {},
): string | undefined {
  const { rule = "fixed-classes", vary = "extractor" } = options;
  if (rule !== "fixed-classes" || vary !== "extractor") return undefined;
  return Object.hasOwn(statements, experiment) ? statements[experiment] : undefined;
}
