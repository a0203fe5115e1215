import { type Fail, shown } from "../../core/zip.js";
import { dtypes } from "../dtypes.js";
import type { Tensor } from "../weights.js";
import { readPickle } from "./pickle.js";
import { stateDict } from "./state-dict.js";
import { lazyTensors, type Storage } from "./storage.js";

/** Pickle of the number that marks such a file, 0x1950a86a20f9469cfc6c. */
const magic = Uint8Array.of(
  0x80,
  2,
  0x8a,
  10,
  0x6c,
  0xfc,
  0x9c,
  0x46,
  0xf9,
  0x20,
  0x6a,
  0xa8,
  0x50,
  0x19,
  0x2e,
);
const largestPickle = 1 << 24;

/**
 * @param bytes - beginning of a file
 * @returns whether torch.save wrote it in the form used before torch 1.6
 */
export function isTorchLegacy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the tensors of a checkpoint in the form that torch.save wrote before torch 1.6, in which torchvision still publishes
 * some weights: five pickles, then the storages' numbers.
 *
 * @param file - the whole file; contiguous float32 tensors are views of it where they are aligned
 * @param fail - makes the error
 * @returns tensors by name, as float32
 * @throws what `fail` makes when the file is cut off, damaged, or holds anything but tensors and plain values
 */
export function torchLegacyTensors(file: Uint8Array, fail: Fail): Map<string, Tensor> {
  let at = 0;
  const next = () => {
    const { value, length } = readPickle(file.subarray(at, at + largestPickle), fail);
    at += length;
    return value;
  };
  next();
  if (next() !== 1001) throw fail("its form is unknown; load it in Python and save its state_dict() again");
  const system = next();
  if (!(system instanceof Map) || system.get("little_endian") !== true) {
    throw fail("its numbers must be little-endian; save it on a machine of the usual kind");
  }
  const views = stateDict(next(), fail);
  const keys = next();
  const storages = new Map([...views.values()].map(({ storage }) => [storage.key, storage]));
  const parts = new Map<string, Uint8Array>();
  if (!Array.isArray(keys)) throw fail("its list of storages is damaged; fetch it again");
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage)
      throw fail("its list of storages does not fit its tensors; save the model's state_dict() alone");
    const length = storage.count * dtypes[storage.dtype];
    if (at + 8 + length > file.length) {
      throw fail(`storage ${shown(storage.key)} ends beyond the file; it is cut off, fetch it again`);
    }
    const count = new DataView(file.buffer, file.byteOffset + at, 8).getBigUint64(0, true);
    if (count !== BigInt(storage.count)) {
      throw fail(`storage ${shown(storage.key)} must have ${storage.count} numbers; it has ${count}`);
    }
    parts.set(storage.key, file.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const bytesOf = ({ key }: Storage) => {
    const part = parts.get(key);
    if (!part) throw fail(`its storage ${shown(key)} is missing; it is cut off or damaged, fetch it again`);
    return part;
  };
  return lazyTensors(views, bytesOf, fail);
}
