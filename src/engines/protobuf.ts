const utf8 = new TextEncoder();

/** A message in the protocol buffers wire format, written field by field; large byte fields are not copied until `bytes`. */
export class ProtobufMessage {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  #raw(part: Uint8Array): this {
    this.#parts.push(part);
    this.#length += part.byteLength;
    return this;
  }

  #varint(value: number): this {
    const out: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
    out.push(Number(rest));
    return this.#raw(Uint8Array.from(out));
  }

  /**
   * @param field - field number
   * @param value - a safe integer, negative ones as 64-bit two's complement
   * @returns this message
   */
  integer(field: number, value: number): this {
    return this.#varint(field << 3).#varint(value);
  }

  /**
   * @param field - field number
   * @param value - written as float32
   * @returns this message
   */
  float(field: number, value: number): this {
    return this.#varint((field << 3) | 5).#raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  /**
   * @param field - field number
   * @param value - content
   * @returns this message
   */
  binary(field: number, value: Uint8Array): this {
    return this.#varint((field << 3) | 2)
      .#varint(value.byteLength)
      .#raw(value);
  }

  /**
   * @param field - field number
   * @param value - content, written as UTF-8
   * @returns this message
   */
  text(field: number, value: string): this {
    return this.binary(field, utf8.encode(value));
  }

  /**
   * @param field - field number
   * @param value - finished message
   * @returns this message
   */
  message(field: number, value: ProtobufMessage): this {
    this.#varint((field << 3) | 2).#varint(value.#length);
    for (const part of value.#parts) this.#raw(part);
    return this;
  }

  /**
   * @param memory - gives room for so many bytes, default a new array
   * @returns the encoded message, in that room
   */
  bytes(memory = (length: number) => new Uint8Array(length)): Uint8Array {
    const out = memory(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      out.set(part, offset);
      offset += part.byteLength;
    }
    return out;
  }
}
