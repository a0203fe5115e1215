import { refuse } from "../limits.js";
import { type BitReader, cutOff } from "./bits.js";

/** Bits that one look into the table goes by. */
export const lookupBits = 10;

/** A Huffman code of a JPEG (ITU T.81, annex C). */
export class HuffmanTable {
  /** Per beginning of 10 bits: code length x 256 + symbol, or 0 for a longer code. */
  readonly lookup = new Int16Array(1 << lookupBits);
  /** Per length: one more than the largest code, shifted to 16 bits. */
  readonly #limits = new Int32Array(17);
  /** Per length: index of a code's symbol, less the code. */
  readonly #offsets = new Int32Array(17);
  readonly #symbols: Uint8Array;
  #values: Int32Array | undefined;

  /**
   * @param counts - number of codes of length 1 to 16
   * @param symbols - the symbols, in order of their codes
   * @throws Error when there are more codes than the lengths allow
   */
  constructor(counts: Uint8Array, symbols: Uint8Array) {
    this.#symbols = symbols;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= 16; length++) {
      this.#offsets[length] = index - code;
      for (let i = 0; i < counts[length - 1]; i++, code++, index++) {
        if (length > lookupBits) continue;
        const start = code << (lookupBits - length);
        this.lookup.fill((length << 8) | symbols[index], start, start + (1 << (lookupBits - length)));
      }
      if (code > 1 << length) refuse("it is damaged: one of its Huffman tables is impossible");
      this.#limits[length] = code << (16 - length);
      code <<= 1;
    }
  }

  /**
   * For a code of run lengths and sizes, per beginning of 10 bits that holds a whole code and the number behind it: number x
   * 65536 + run x 256 + bits of both; 0 for all others.
   */
  get values(): Int32Array {
    this.#values ??= this.#makeValues();
    return this.#values;
  }

  /**
   * @param reader - the bits
   * @returns the next symbol
   * @throws Error when the bits are no code, or the data ends before
   */
  decode(reader: BitReader): number {
    if (reader.count < 16) reader.fill();
    const found = this.lookup[(reader.bits >>> (reader.count - lookupBits)) & ((1 << lookupBits) - 1)];
    if (found === 0) return this.decodeLong(reader);
    reader.count -= found >> 8;
    if (reader.count < reader.padding) cutOff();
    return found & 255;
  }

  /**
   * @param reader - the bits, at least 16 of them read, that begin with a code longer than 10 bits
   * @returns the next symbol
   * @throws Error when the bits are no code, or the data ends before
   */
  decodeLong(reader: BitReader): number {
    const bits = (reader.bits >>> (reader.count - 16)) & 0xffff;
    for (let length = lookupBits + 1; length <= 16; length++) {
      if (bits >= this.#limits[length]) continue;
      reader.count -= length;
      if (reader.count < reader.padding) cutOff();
      return this.#symbols[(bits >> (16 - length)) + this.#offsets[length]];
    }
    return reader.count - 16 < reader.padding
      ? cutOff()
      : refuse("it is damaged: its pixel data holds an unknown code");
  }

  #makeValues(): Int32Array {
    const values = new Int32Array(1 << lookupBits);
    for (let i = 0; i < values.length; i++) {
      const found = this.lookup[i];
      const size = found & 15;
      const total = (found >> 8) + size;
      if (found === 0 || size === 0 || total > lookupBits) continue;
      const raw = (i >> (lookupBits - total)) & ((1 << size) - 1);
      const value = raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw;
      values[i] = value * 65536 + (((found >> 4) & 15) << 8) + total;
    }
    return values;
  }
}
