import { existsSync } from "node:fs";
import { DataError } from "../core/errors.js";
import { readSafetensors, writeSafetensors } from "../networks/index.js";
import type { AdamWState } from "./optimizer.js";

/** What one epoch of a training gave. */
export interface EpochReport {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Mean loss over the epoch's images. */
  readonly loss: number;
  /** Learning rate at the epoch's end. */
  readonly learningRate: number;
  /** What was measured after it, by name; empty where nothing was. */
  readonly measured: Readonly<Record<string, number>>;
}

/** How far an unfinished epoch is. */
export interface WithinEpoch {
  /** Batches done. */
  readonly batches: number;
  /** Images in them. */
  readonly images: number;
  /** Sum of the images' losses. */
  readonly loss: number;
  /** Learning rate of the last batch. */
  readonly learningRate: number;
}

/** Everything from which a training goes on as if it had not stopped. */
export interface TrainingState {
  /** Parameters, moments and steps. */
  readonly optimizer: AdamWState;
  /** Average of the parameters. */
  readonly average: Float32Array;
  /** Statistics that the batch normalisation keeps, once they are fixed: all means, then all variances. */
  readonly statistics?: Float32Array;
  /** The network's weights as they were before that. */
  readonly unsettled?: Float32Array;
  /** Reports of the finished epochs. */
  readonly curve: readonly EpochReport[];
  /** How far the epoch after these is. */
  readonly within?: WithinEpoch;
}

/**
 * Writes a checkpoint: a safetensors file, first under a temporary name.
 *
 * @param path - the file to write or replace
 * @param state - what to keep
 * @param fingerprint - text that says which training it belongs to
 */
export async function writeCheckpoint(
  path: string,
  state: TrainingState,
  fingerprint: string,
): Promise<void> {
  const { parameters, firstMoment, secondMoment, steps } = state.optimizer;
  const { average, statistics, unsettled } = state;
  const vectors = {
    parameters,
    firstMoment,
    secondMoment,
    average,
    ...(statistics && { statistics }),
    ...(unsettled && { unsettled }),
  };
  const tensors = new Map(
    Object.entries(vectors).map(([name, data]) => [name, { shape: [data.length], data }] as const),
  );
  await writeSafetensors(path, tensors, {
    metadata: {
      fingerprint,
      steps: String(steps),
      curve: JSON.stringify(state.curve),
      ...(state.within && { within: JSON.stringify(state.within) }),
    },
  });
}

/**
 * Reads a checkpoint.
 *
 * @param path - the file
 * @param size - number of parameters
 * @param fingerprint - text that says which training it must belong to
 * @returns the state, or undefined when there is no such file
 * @throws DataError when the file is damaged or belongs to another training
 */
export async function readCheckpoint(
  path: string,
  size: number,
  fingerprint: string,
): Promise<TrainingState | undefined> {
  if (!existsSync(path)) return undefined;
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata.fingerprint !== fingerprint) {
    throw new DataError(
      `${path} must be a checkpoint of this training; it has other images, targets or options: name another file or delete it`,
      path,
    );
  }
  const vector = (name: string) => {
    const data = tensors.get(name)?.data;
    if (data?.length === size) return data;
    throw new DataError(
      `${path} must hold ${size} numbers named ${name}; it holds ${data?.length ?? "none"}`,
      path,
    );
  };
  return {
    optimizer: {
      parameters: vector("parameters"),
      firstMoment: vector("firstMoment"),
      secondMoment: vector("secondMoment"),
      steps: Number(metadata.steps),
    },
    average: vector("average"),
    statistics: tensors.get("statistics")?.data,
    unsettled: tensors.get("unsettled")?.data,
    curve: JSON.parse(metadata.curve),
    within: metadata.within === undefined ? undefined : JSON.parse(metadata.within),
  };
}
