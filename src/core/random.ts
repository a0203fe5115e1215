/**
 * The project's only source of randomness: a seeded generator, passed as an argument wherever chance is used.
 *
 * The same seed gives the same sequence on every machine. Generator: xoshiro128** seeded through splitmix32
 * (Blackman and Vigna 2018, "Scrambled linear pseudorandom number generators").
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /** @param seed - an integer or a text; equal seeds give equal sequences */
  constructor(seed: number | string) {
    let mixed = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(String(seed)))
      mixed = Math.imul(mixed ^ byte, 0x01000193) >>> 0;
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#state[i] = (z ^ (z >>> 15)) >>> 0;
    }
  }

  /** @returns the next 32 random bits, an integer in [0, 2^32) */
  bits(): number {
    const s = this.#state;
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** @returns a uniform number in [0, 1) with 53 random bits */
  uniform(): number {
    return ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /**
   * @param low - smallest value
   * @param high - bound above
   * @returns a uniform number in [low, high)
   */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /**
   * @param n - number of choices, at least 1
   * @returns a uniform integer in [0, n)
   */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** @returns a number from the standard normal distribution (Box and Muller) */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Shuffles in place (Fisher and Yates).
   *
   * @param items - array to shuffle
   * @returns the same array
   */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }

  /**
   * Draws without replacement.
   *
   * @param n - size of the population
   * @param count - how many to draw, at most n
   * @returns `count` different integers in [0, n), in random order
   * @throws RangeError when count exceeds n
   */
  sample(n: number, count: number): Int32Array {
    if (count > n) throw new RangeError(`cannot draw ${count} different items from ${n}; draw at most ${n}`);
    return this.shuffle(Int32Array.from({ length: n }, (_, i) => i)).slice(0, count);
  }

  /**
   * An independent generator for a named part of the work, so that adding draws in one part leaves others unchanged.
   *
   * @param label - name of the part
   * @returns a generator whose sequence depends on this one's state and the label
   */
  fork(label: string | number): Random {
    return new Random(`${this.#state.join("/")}/${label}`);
  }
}
