import { refuse } from "../limits.js";
import type { BitReader } from "./bits.js";

const lookupBits = 9;

/** A Huffman code of a JPEG (ITU T.81, annex C). */
export class HuffmanTable {
  /** Per beginning of 9 bits: code length x 256 + symbol, or 0 for a longer code. */
  readonly #lookup = new Int16Array(1 << lookupBits);
  /** Per length: one more than the largest code, shifted to 16 bits. */
  readonly #limits = new Int32Array(17);
  /** Per length: index of a code's symbol, less the code. */
  readonly #offsets = new Int32Array(17);
  readonly #symbols: Uint8Array;

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
        this.#lookup.fill((length << 8) | symbols[index], start, start + (1 << (lookupBits - length)));
      }
      if (code > 1 << length) refuse("it is damaged: one of its Huffman tables is impossible");
      this.#limits[length] = code << (16 - length);
      code <<= 1;
    }
  }

  /**
   * @param reader - the bits
   * @returns the next symbol
   * @throws Error when the bits are no code
   */
  decode(reader: BitReader): number {
    const found = this.#lookup[reader.peek(lookupBits)];
    if (found !== 0) {
      reader.skip(found >> 8);
      return found & 255;
    }
    const bits = reader.peek(16);
    for (let length = lookupBits + 1; length <= 16; length++) {
      if (bits >= this.#limits[length]) continue;
      reader.skip(length);
      return this.#symbols[(bits >> (16 - length)) + this.#offsets[length]];
    }
    return refuse("it is damaged: its pixel data holds an unknown code");
  }
}
