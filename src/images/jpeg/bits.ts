import { refuse } from "../limits.js";

/**
 * Reads the entropy-coded part of a JPEG bit by bit, up to the next marker.
 *
 * Its fields are open, so that the decoder of a block can keep them in local variables. Behind the data come zero bits; using
 * one of them is an error.
 */
export class BitReader {
  /** The bits read and not used, the newest lowest; those above `count` are old. */
  bits = 0;
  /** How many bits are read and not used. */
  count = 0;
  /** How many of these come from behind the data. */
  padding = 0;

  /**
   * @param data - the whole file
   * @param position - index of the next byte to read
   */
  constructor(
    readonly data: Uint8Array,
    public position: number,
  ) {}

  /** Reads on until more than 24 bits are there. */
  fill(): void {
    const { data } = this;
    while (this.count <= 24) {
      let byte = data[this.position];
      if (byte === undefined || (byte === 0xff && data[this.position + 1] !== 0)) {
        this.padding += 8;
        byte = 0;
      } else {
        this.position += byte === 0xff ? 2 : 1;
      }
      this.bits = (this.bits << 8) | byte;
      this.count += 8;
    }
  }

  /**
   * @param length - how many bits, 0 to 16
   * @returns the next bits as an unsigned number
   * @throws Error when the data ends before
   */
  take(length: number): number {
    if (this.count < length) this.fill();
    this.count -= length;
    if (this.count < this.padding) cutOff();
    return (this.bits >>> this.count) & ((1 << length) - 1);
  }

  /**
   * @param length - how many bits, 0 to 16
   * @returns the next bits as a signed number in JPEG's notation (ITU T.81, F.2.2.1)
   */
  takeSigned(length: number): number {
    if (length === 0) return 0;
    const value = this.take(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  /**
   * Goes past a restart marker, dropping the bits that fill the byte before it.
   *
   * @throws Error when there is no restart marker
   */
  restart(): void {
    this.bits = 0;
    this.count = 0;
    this.padding = 0;
    const { data } = this;
    while (data[this.position] === 0xff && data[this.position + 1] === 0xff) this.position++;
    if (data[this.position] !== 0xff || (data[this.position + 1] & 0xf8) !== 0xd0) {
      refuse("it is damaged: a restart marker is missing in its pixel data");
    }
    this.position += 2;
  }
}

/** Refuses a file whose pixel data ends too early. */
export function cutOff(): never {
  return refuse("it is cut off or damaged: its pixel data ends too early");
}
