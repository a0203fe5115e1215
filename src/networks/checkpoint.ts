import { DataError } from "../core/errors.js";
import { hashInName, setAside } from "./known-files.js";
import type { Network } from "./network.js";
import { openFile, readPart, readWhole } from "./read-file.js";
import { type Checkpoint, readSafetensors } from "./safetensors.js";
import { isTorchLegacy, torchLegacyTensors } from "./torch/torch-legacy.js";
import { torchZipTensors } from "./torch/torch-zip.js";

const kind = "checkpoint (.safetensors or .pth)";
const torchEndings = /\.(pth|pt|ckpt|bin|tar)$/i;

/**
 * Reads a checkpoint: a safetensors file, or what torch.save wrote, told apart by their content. A pickle in it is never run;
 * it may build tensors and plain values only.
 *
 * @param path - the file
 * @param networks - networks whose published files are known: one of their names must have the hash it carries
 * @returns tensors as float32, notes and hash; those of a .pth file are made when they are first asked for
 * @throws DataError with one sentence when the file is damaged, holds anything else, or is not what its name says; it is
 *   then renamed
 */
export async function readCheckpoint(path: string, networks: readonly Network[] = []): Promise<Checkpoint> {
  const expected = hashInName(networks, path);
  const beginning = await readBeginning(path);
  const zip = [0x50, 0x4b, 0x03, 0x04].every((byte, i) => beginning[i] === byte);
  if (expected === undefined && !zip && !isTorchLegacy(beginning)) {
    if (torchEndings.test(path)) throw noTorchFile(path, beginning);
    return readSafetensors(path);
  }
  const { bytes, hash } = await readWhole(path, kind);
  if (expected !== undefined && !hash.startsWith(expected)) throw await setAside(path, expected, hash);
  const fail = (sentence: string) => new DataError(`${path}: ${sentence}`, path);
  if (zip) return { tensors: torchZipTensors(bytes, fail), metadata: {}, hash, path };
  if (isTorchLegacy(bytes)) return { tensors: torchLegacyTensors(bytes, fail), metadata: {}, hash, path };
  throw noTorchFile(path, beginning);
}

async function readBeginning(path: string): Promise<Uint8Array> {
  const { file, size } = await openFile(path, kind);
  try {
    return await readPart(file, 0, Math.min(512, size));
  } finally {
    await file.close();
  }
}

function noTorchFile(path: string, beginning: Uint8Array): DataError {
  const pickle = beginning[0] === 0x80;
  const reason = pickle
    ? "it is a pickle of another kind"
    : beginning.length === 0
      ? "it is empty"
      : "it is something else";
  return new DataError(
    `${path}: a .pth file must be one that torch.save wrote; ${reason}: load it in Python and write it with torch.save(model.state_dict(), path) of torch 1.6 or newer, or as .safetensors`,
    path,
  );
}
