import { Displayable } from "../core/display.js";
import { checkOptions } from "../core/options.js";

/** What a Param may be set to. */
export interface ParamOptions {
  /** Smallest value of a number. Default: any. */
  readonly min?: number;
  /** Largest value of a number. Default: any. */
  readonly max?: number;
  /** Whether a number must be whole. Default false. */
  readonly integer?: boolean;
  /** The valid texts. Default: any. */
  readonly choices?: readonly string[];
}

/** Called with a Param's new value and the one before. */
export type ParamListener<T> = (value: T, before: T) => void;

let made = 0;
const origin = Math.floor(Math.random() * 2 ** 40).toString(36);

/**
 * A value that several explorers share: moving it in one moves it in all, and code in cells can read it, set it and
 * react to it.
 *
 * ```ts
 * const k = new dn2.Param("k", 2);
 * k.onChange((value) => console.log(`k is ${value}`));
 * ```
 *
 * `T` is number or text.
 */
export class Param<T = number> extends Displayable {
  /** What it is called. */
  readonly name: string;
  /** Tells it from all others, also in a page with explorers of several notebooks. */
  readonly id: string;
  readonly #options: ParamOptions;
  readonly #listeners = new Set<ParamListener<T>>();
  #value: T;

  /**
   * @param name - what it is called
   * @param value - its value at the start
   * @param options - what it may be set to
   * @throws TypeError when the value is neither a finite number nor text
   * @throws RangeError when the value is not valid
   */
  constructor(name: string, value: T, options: ParamOptions = {}) {
    super();
    checkOptions("Param", options, ["min", "max", "integer", "choices"]);
    this.name = name;
    this.id = `${origin}-${++made}`;
    this.#options = options;
    this.#value = this.#checked(value);
  }

  /** The value now. */
  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    this.set(value);
  }

  /**
   * Changes the value and tells everyone who listens, if it is another one.
   *
   * @param value - the new value
   * @throws TypeError when it is of another kind than before
   * @throws RangeError when it is not valid
   */
  set(value: T): void {
    const checked = this.#checked(value);
    const before = this.#value;
    if (checked === before) return;
    this.#value = checked;
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      if (this.#value !== checked) break;
      try {
        listener(checked, before);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Calls a function at every change.
   *
   * @param listener - gets the new value and the one before
   * @returns a function that ends it
   */
  onChange(listener: ParamListener<T>): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`onChange of ${this.name} needs a function; got ${typeof listener}`);
    }
    this.#listeners.add(listener);
    return () => this.off(listener);
  }

  /** @param listener - is called no more */
  off(listener: ParamListener<T>): void {
    this.#listeners.delete(listener);
  }

  toString(): string {
    return `Param ${this.name} = ${this.#value}`;
  }

  #checked(value: T): T {
    const {
      min = Number.NEGATIVE_INFINITY,
      max = Number.POSITIVE_INFINITY,
      integer,
      choices,
    } = this.#options;
    const kind = this.#value === undefined ? undefined : typeof this.#value;
    const right = (typeof value === "number" && Number.isFinite(value)) || typeof value === "string";
    if (!right || (kind && typeof value !== kind)) {
      const wanted =
        kind === "string" ? "text" : kind === "number" ? "a finite number" : "a finite number or text";
      throw new TypeError(`${this.name} must be ${wanted}; got ${String(value)}`);
    }
    if (typeof value === "number" && (value < min || value > max || (integer && !Number.isInteger(value)))) {
      const low = Number.isFinite(min) ? ` from ${min}` : "";
      const high = Number.isFinite(max) ? `${low ? "" : " up"} to ${max}` : low ? " on" : "";
      throw new RangeError(
        `${this.name} must be ${integer ? "an integer" : "a number"}${low}${high}; got ${value}`,
      );
    }
    if (typeof value === "string" && choices && !choices.includes(value)) {
      throw new RangeError(`${this.name} must be one of ${choices.join(", ")}; got ${value}`);
    }
    return value;
  }
}
