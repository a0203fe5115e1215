import type { Fail } from "../../core/zip.js";
import { shown } from "../../core/zip.js";
import { type Dtype, dtypes, widen } from "../dtypes.js";
import type { Tensor } from "../weights.js";

/** Numbers of one type in a row; several tensors may share them. */
export interface Storage {
  /** Name of its part of the file. */
  readonly key: string;
  /** Type of the numbers. */
  readonly dtype: Dtype;
  /** How many there are. */
  readonly count: number;
}

/** A tensor as a window on a storage: number at (i, j, ...) = storage[offset + i * stride[0] + j * stride[1] + ...]. */
export interface TensorView {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** The number types that torch names its storages after. */
export const storageTypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

/**
 * Tensors of a checkpoint, each made when it is first asked for: one that is never asked for costs nothing, whatever size it
 * claims to have.
 *
 * @param views - windows by name
 * @param bytesOf - the bytes of a storage, little-endian
 * @param fail - makes the error
 * @returns tensors by name, row-major; a contiguous float32 one is a view of the storage
 * @throws what `fail` makes when a window does not lie in its storage
 */
export function lazyTensors(
  views: ReadonlyMap<string, TensorView>,
  bytesOf: (storage: Storage) => Uint8Array,
  fail: Fail,
): Map<string, Tensor> {
  const widened = new Map<string, Float32Array>();
  const numbersOf = (storage: Storage) => {
    if (storage.dtype === "F32") return widen("F32", bytesOf(storage));
    const known = widened.get(storage.key);
    if (known) return known;
    const numbers = widen(storage.dtype, bytesOf(storage));
    widened.set(storage.key, numbers);
    return numbers;
  };
  const tensors = new Map<string, Tensor>();
  for (const [name, view] of views) {
    checkWindow(name, view, bytesOf(view.storage), fail);
    let data: Float32Array | undefined;
    tensors.set(name, {
      shape: view.shape,
      get data() {
        data ??= gather(numbersOf(view.storage), view);
        return data;
      },
    });
  }
  return tensors;
}

function checkWindow(name: string, view: TensorView, bytes: Uint8Array, fail: Fail): void {
  const { storage, offset, shape, stride } = view;
  const wanted = storage.count * dtypes[storage.dtype];
  if (bytes.byteLength !== wanted) {
    throw fail(
      `its storage ${shown(storage.key)} must have ${wanted} bytes; it has ${bytes.byteLength}, so it is damaged, fetch it again`,
    );
  }
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * stride[axis], offset);
  if (!shape.includes(0) && !(last < storage.count)) {
    throw fail(
      `tensor ${shown(name)} must lie in its storage of ${storage.count} numbers; it ends at ${last + 1}, so the file is damaged`,
    );
  }
}

function gather(numbers: Float32Array, { offset, shape, stride }: TensorView): Float32Array {
  const count = shape.reduce((product, n) => product * n, 1);
  if (isContiguous(shape, stride)) return numbers.subarray(offset, offset + count);
  const out = new Float32Array(count);
  const index = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    out[i] = numbers[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= shape[axis] * stride[axis];
      index[axis] = 0;
    }
  }
  return out;
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}
