export { readCifar10, readCifar100 } from "./cifar.js";
export { DataSet, type DataSetParts } from "./data-set.js";
export { readFashionMnist } from "./fashion-mnist.js";
export { type FolderOptions, folderDataSet, type ImageFolder, readFolder } from "./folder.js";
export { type ClassChoice, type ImageBacking, ImageSet } from "./image-set.js";
export { dataSetNames, type LoadOptions, loadDataSet } from "./load.js";
export { type SyntheticOptions, syntheticDataSet } from "./synthetic/synthetic-set.js";
export { isVocFolder, readVoc, type VocOptions } from "./voc/voc.js";
export { readWbc } from "./wbc.js";
