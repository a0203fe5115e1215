import { crc32 } from "node:zlib";
import { type Fail, shown, type ZipEntry, zipEntries } from "../../core/zip.js";
import type { Tensor } from "../weights.js";
import { readPickle } from "./pickle.js";
import { stateDict } from "./state-dict.js";
import { lazyTensors, type Storage } from "./storage.js";

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
  const source = {
    bytes: archive.length,
    read: (start: number, end: number) => archive.subarray(start, end),
  };
  const entries = zipEntries(source, fail);
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
  if (
    order &&
    new TextDecoder().decode(archive.subarray(order.start, order.end).subarray(0, 16)) !== "little"
  ) {
    throw fail("its numbers must be little-endian; save it on a machine of the usual kind");
  }
  const pickle = contentOf(archive, entries.get(pickles[0]) as ZipEntry, fail);
  if (pickle.length > largestPickle) {
    throw fail(
      `its pickle must have at most ${largestPickle} bytes; it has ${pickle.length}, so it holds more than tensors`,
    );
  }
  const views = stateDict(readPickle(pickle, fail).value, fail);
  const contents = new Map<string, Uint8Array>();
  const bytesOf = ({ key }: Storage) => {
    const name = `${folder}data/${key}`;
    const entry = entries.get(name);
    if (!entry) {
      throw fail(`its part ${shown(name)} is missing; it is cut off or damaged, fetch or save it again`);
    }
    const content = contents.get(name) ?? contentOf(archive, entry, fail);
    contents.set(name, content);
    return content;
  };
  return lazyTensors(views, bytesOf, fail);
}

/** torch.save stores every part as it is; nothing is ever unpacked, so that no archive is larger in memory than on disk. */
function contentOf(
  archive: Uint8Array,
  { name, start, end, size, method, crc }: ZipEntry,
  fail: Fail,
): Uint8Array {
  const content = archive.subarray(start, end);
  if (method !== 0 || size !== content.length) {
    throw fail(
      `its part ${shown(name)} is compressed, which torch.save never does; load it in Python and save its state_dict() again`,
    );
  }
  if (crc32(content) !== crc) throw fail(`its part ${shown(name)} is damaged; fetch or save it again`);
  return content;
}
