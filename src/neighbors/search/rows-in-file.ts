import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { DataError } from "../../core/errors.js";
import type { TrainRows } from "./train-rows.js";

/** Training rows in a file, read as they are needed. */
export interface RowsInFile extends TrainRows {
  /** Closes the file. */
  close(): void;
}

/**
 * @param path - the file
 * @param layout - number of rows, their length, and the byte at which they start
 * @param blockBytes - bytes that a block of rows may take
 * @returns the rows
 */
export function rowsInFile(
  path: string,
  { n, d, start }: { readonly n: number; readonly d: number; readonly start: number },
  blockBytes: number,
): RowsInFile {
  const file = openSync(path, "r");
  const { size, mtimeMs } = fstatSync(file);
  const one = new Float32Array(d);
  let memory = new Float32Array(0);
  const read = (from: number, target: Float32Array): Float32Array => {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(file, bytes, done, bytes.length - done, start + 4 * from * d + done);
      if (count === 0)
        throw new DataError(`${path} became shorter while it was searched; open it again`, path);
      done += count;
    }
    return target;
  };
  return {
    n,
    d,
    blockBytes,
    block(from, to) {
      const now = fstatSync(file);
      if (now.size !== size || now.mtimeMs !== mtimeMs) {
        throw new DataError(`${path} must not change while it is searched; it did, so open it again`, path);
      }
      const numbers = (to - from) * d;
      if (memory.length < numbers) memory = new Float32Array(numbers);
      return read(from, memory.subarray(0, numbers));
    },
    row: (row) => read(row, one),
    close: () => closeSync(file),
  };
}
