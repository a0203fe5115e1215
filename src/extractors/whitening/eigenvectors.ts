import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Aborted } from "../../core/errors.js";
import { ProgressMeter } from "../../core/progress.js";

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface Eigenvectors {
  /** Float64Array of n, largest first. */
  readonly values: Float64Array;
  /** Float64Array, n x n row-major: row i is the unit vector of value i. */
  readonly vectors: Float64Array;
}

/** From this size on a decomposition takes more than about half a second. */
const largeMatrix = 256;
const looksMs = 40;
const program = new URL("./eigen-worker.js", import.meta.url);
const require = createRequire(import.meta.url);

/**
 * @param matrix - Float64Array, n x n: a symmetric matrix
 * @param n - its side
 * @returns its eigenvalues and eigenvectors
 */
export function eigenvectorsOf(matrix: Float64Array, n: number): Eigenvectors {
  const { EigenvalueDecomposition, Matrix } = require("ml-matrix") as typeof import("ml-matrix");
  const rows = Array.from({ length: n }, (_, i) => matrix.subarray(i * n, (i + 1) * n));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(rows), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[to * n + i] = eigenvectorMatrix.get(i, from);
  });
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}

/**
 * The same, in a thread of its own where the matrix is large, so that it can be interrupted.
 *
 * @param matrix - Float64Array, n x n: a symmetric matrix
 * @param n - its side
 * @param signal - aborts
 * @returns its eigenvalues and eigenvectors
 * @throws Aborted when interrupted
 */
export async function findEigenvectors(
  matrix: Float64Array,
  n: number,
  signal?: AbortSignal,
): Promise<Eigenvectors> {
  if (n < largeMatrix || !existsSync(fileURLToPath(program))) return eigenvectorsOf(matrix, n);
  const worker = new Worker(program, { workerData: { matrix, n } });
  const meter = new ProgressMeter(
    `finding the axes of a ${n} x ${n} covariance`,
    1,
    "decompositions",
    signal,
  );
  let timer: NodeJS.Timeout | undefined;
  try {
    const found = await new Promise<Eigenvectors>((resolve, reject) => {
      worker.on("message", resolve);
      worker.on("error", reject);
      worker.on("exit", () => reject(new Aborted("the thread that finds axes ended by itself; run again")));
      timer = setInterval(() => void meter.add(0).catch(reject), looksMs);
    });
    await meter.add(1);
    return found;
  } finally {
    clearInterval(timer);
    meter.close();
    worker.removeAllListeners("exit");
    await worker.terminate();
  }
}
