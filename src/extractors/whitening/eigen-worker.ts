import { parentPort, workerData } from "node:worker_threads";
import { eigenvectorsOf } from "./eigenvectors.js";

const { matrix, n } = workerData as { readonly matrix: Float64Array; readonly n: number };
parentPort?.postMessage(eigenvectorsOf(matrix, n));
