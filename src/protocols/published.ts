/** A figure from a publication. */
export interface PublishedFigure {
  /** Experiment, as in `RunRecord.experiment`. */
  readonly experiment: "unimodal";
  /** Name of the data set, as in `loadDataSet`. */
  readonly dataset: string;
  /** Network whose features were used. */
  readonly extractor: string;
  /** Mean ROCAUC as a fraction. */
  readonly rocAuc: number;
  /** Where it stands, and whether it was checked there. */
  readonly source: string;
}

const source = "Bergman, Cohen and Hoshen 2020 (paper, unverified)";

const figures: readonly PublishedFigure[] = (
  [
    ["cifar10", 0.925],
    ["fashion-mnist", 0.944],
    ["cifar100", 0.893],
    ["dior", 0.922],
    ["wbc", 0.829],
  ] as const
).map(([dataset, rocAuc]) => ({ experiment: "unimodal", dataset, extractor: "resnet101", rocAuc, source }));

/**
 * The published figure to compare a measured one with.
 *
 * @param experiment - name of the experiment
 * @param dataset - name of the data set
 * @returns the figure, or undefined where the paper has none
 */
export function publishedFigure(experiment: string, dataset: string): PublishedFigure | undefined {
  return figures.find((figure) => figure.experiment === experiment && figure.dataset === dataset);
}
