import type { Tensor } from "../weights.js";
import { readPickle } from "./pickle.js";
import { stateDict } from "./state-dict.js";
import { lazyTensors, type Storage } from "./storage.js";
import { checkEntry, type Fail, shown, type ZipEntry, zipEntries } from "./zip.js";

const largestPickle = 1 << 24;

/**
 * Reads the tensors of a checkpoint that torch.save wrote (torch 1.6 and newer): a zip archive with a pickle and one part for
 * each storage of numbers.
 *
 * @param archive - the whole file; contiguous float32 tensors are views of it
 * @param fail - makes the error
 * @returns tensors by name, as float32
 * @throws what `fail` makes when the file is cut off, damaged, or holds anything but tensors and plain values
 */
export function torchZipTensors(archive: Uint8Array, fail: Fail): Map<string, Tensor> {
  const entries = zipEntries(archive, fail);
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw fail(
      `it must have one part data.pkl, as torch.save writes it; it has ${pickles.length}, so it is no checkpoint of torch`,
    );
  }
  const folder = pickles[0].slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) {
    throw fail("it is a TorchScript program; save the model's state_dict() in Python instead");
  }
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order.bytes.subarray(0, 16)) !== "little") {
    throw fail("its numbers must be little-endian; save it on a machine of the usual kind");
  }
  const pickle = entries.get(pickles[0]) as ZipEntry;
  checkEntry(pickle, fail);
  if (pickle.bytes.length > largestPickle) {
    throw fail(
      `its pickle must have at most ${largestPickle} bytes; it has ${pickle.bytes.length}, so it holds more than tensors`,
    );
  }
  const views = stateDict(readPickle(pickle.bytes, fail).value, fail);
  const checked = new Set<string>();
  const bytesOf = ({ key }: Storage) => {
    const name = `${folder}data/${key}`;
    const entry = entries.get(name);
    if (!entry) {
      throw fail(`its part ${shown(name)} is missing; it is cut off or damaged, fetch or save it again`);
    }
    if (!checked.has(name)) checkEntry(entry, fail);
    checked.add(name);
    return entry.bytes;
  };
  return lazyTensors(views, bytesOf, fail);
}
