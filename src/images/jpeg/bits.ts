import { refuse } from "../limits.js";

/** Reads the entropy-coded part of a JPEG bit by bit, up to the next marker. */
export class BitReader {
  #bits = 0;
  #count = 0;

  /**
   * @param data - the whole file
   * @param position - index of the next byte to read
   */
  constructor(
    readonly data: Uint8Array,
    public position: number,
  ) {}

  /**
   * @param length - how many bits, 1 to 16
   * @returns the next bits without consuming them; zeros after the end
   */
  peek(length: number): number {
    if (this.#count < length) this.#fill();
    const surplus = this.#count - length;
    const bits = surplus >= 0 ? this.#bits >>> surplus : this.#bits << -surplus;
    return bits & ((1 << length) - 1);
  }

  /**
   * @param length - how many bits to consume
   * @throws Error when the data ends before
   */
  skip(length: number): void {
    this.#count -= length;
    if (this.#count < 0) refuse("it is cut off or damaged: its pixel data ends too early");
  }

  /**
   * @param length - how many bits, 0 to 16
   * @returns the next bits as an unsigned number
   */
  take(length: number): number {
    if (length === 0) return 0;
    const value = this.peek(length);
    this.skip(length);
    return value;
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
    this.#bits = 0;
    this.#count = 0;
    const { data } = this;
    while (data[this.position] === 0xff && data[this.position + 1] === 0xff) this.position++;
    if (data[this.position] !== 0xff || (data[this.position + 1] & 0xf8) !== 0xd0) {
      refuse("it is damaged: a restart marker is missing in its pixel data");
    }
    this.position += 2;
  }

  #fill(): void {
    const { data } = this;
    while (this.#count <= 24 && this.position < data.length) {
      const byte = data[this.position];
      if (byte === 0xff) {
        if (data[this.position + 1] !== 0) return;
        this.position++;
      }
      this.position++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }
}
