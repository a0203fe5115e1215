import { type FileHandle, open } from "node:fs/promises";
import { TemporaryFile } from "../core/temporary-file.js";
import { npyHeader } from "./npy.js";

/** Writes a float32 matrix to a .npy file piece by piece, so that it need not fit into memory: to a temporary name, then renamed. */
export class NpyWriter {
  readonly #temporary: TemporaryFile;
  readonly #file: FileHandle;
  readonly #start: number;

  private constructor(
    temporary: TemporaryFile,
    file: FileHandle,
    /** Numbers in a row. */
    readonly columns: number,
    start: number,
  ) {
    this.#temporary = temporary;
    this.#file = file;
    this.#start = start;
  }

  /**
   * Starts a file.
   *
   * @param path - where to; an existing file is replaced at the end
   * @param rows - number of rows
   * @param columns - numbers in a row
   * @returns the writer, to be finished or abandoned
   */
  static async start(path: string, rows: number, columns: number): Promise<NpyWriter> {
    const header = npyHeader("<f4", [rows, columns]);
    const temporary = new TemporaryFile(path);
    const file = await open(temporary.path, "wx");
    await file.write(header);
    return new NpyWriter(temporary, file, columns, header.length);
  }

  /**
   * Writes rows; every row of the file must be written once.
   *
   * @param first - number of the first row
   * @param rows - Float32Array, rows x columns
   */
  async put(first: number, { buffer, byteOffset, byteLength }: Float32Array): Promise<void> {
    const position = this.#start + first * this.columns * Float32Array.BYTES_PER_ELEMENT;
    await this.#file.write(new Uint8Array(buffer, byteOffset, byteLength), 0, byteLength, position);
  }

  /** Makes the file appear under its name. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await this.#temporary.finish();
  }

  /** Leaves what was there before. */
  async abandon(): Promise<void> {
    await this.#file.close();
    await this.#temporary.abandon();
  }
}
