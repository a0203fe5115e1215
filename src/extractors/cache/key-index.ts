/** A key is 128 bits, written as 32 hexadecimal digits. */
const wordsOfKey = 4;

/** Keys in the order in which they came, each once, and where to find them: some 30 bytes a key. */
export class KeyIndex {
  #words = new Uint32Array(64 * wordsOfKey);
  /* A hash table with linear probing: number of a key plus 1, 0 where nothing is. Keys are hashes, so their first word is one, too. */
  #slots = new Int32Array(128);
  readonly #sought = new Uint32Array(wordsOfKey);
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * @param key - 32 hexadecimal digits
   * @returns its number, from 0 on in the order of adding; that of an earlier equal one
   */
  add(key: string): number {
    this.#parse(key);
    const slot = this.#slotOf(this.#sought, 0);
    const found = this.#slots[slot] - 1;
    if (found >= 0) return found;
    const number = this.#size++;
    if (number * wordsOfKey === this.#words.length) this.#words = grown(this.#words);
    this.#words.set(this.#sought, number * wordsOfKey);
    this.#slots[slot] = number + 1;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    return number;
  }

  /**
   * @param key - 32 hexadecimal digits
   * @returns its number, or -1
   */
  find(key: string): number {
    this.#parse(key);
    return this.#slots[this.#slotOf(this.#sought, 0)] - 1;
  }

  /**
   * @param other - another index
   * @param number - number of a key there
   * @returns the key's number here, or -1
   */
  findOf(other: KeyIndex, number: number): number {
    return this.#slots[this.#slotOf(other.#words, number * wordsOfKey)] - 1;
  }

  /**
   * @param number - number of a key
   * @returns its 32 hexadecimal digits
   */
  key(number: number): string {
    let text = "";
    for (let i = 0; i < wordsOfKey; i++) {
      text += this.#words[number * wordsOfKey + i].toString(16).padStart(8, "0");
    }
    return text;
  }

  #parse(key: string): void {
    for (let i = 0; i < wordsOfKey; i++) this.#sought[i] = Number.parseInt(key.slice(8 * i, 8 * i + 8), 16);
  }

  /** The slot that holds a key, or the one in which it would be put. */
  #slotOf(words: Uint32Array, start: number): number {
    const mask = this.#slots.length - 1;
    let slot = words[start] & mask;
    while (this.#slots[slot] > 0 && !this.#isAt(this.#slots[slot] - 1, words, start))
      slot = (slot + 1) & mask;
    return slot;
  }

  #isAt(number: number, words: Uint32Array, start: number): boolean {
    for (let i = 0; i < wordsOfKey; i++) {
      if (this.#words[number * wordsOfKey + i] !== words[start + i]) return false;
    }
    return true;
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 0; number < this.#size; number++) {
      this.#slots[this.#slotOf(this.#words, number * wordsOfKey)] = number + 1;
    }
  }
}

function grown(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * words.length);
  larger.set(words);
  return larger;
}
