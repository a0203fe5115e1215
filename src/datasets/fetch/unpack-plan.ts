import { DataError } from "../../core/errors.js";
import type { UnpackRule } from "./catalog.js";

const mostEntries = 100_000;

/** Which entries of an archive are kept, and when to stop: nothing is written before its name and size were admitted. */
export class UnpackPlan {
  readonly #kept = new Set<string>();
  #bytes = 0;
  #entries = 0;

  /**
   * @param archive - the archive, for messages
   * @param rule - what is kept
   */
  constructor(
    readonly archive: string,
    readonly rule: UnpackRule,
  ) {}

  /** @returns paths of the files admitted so far, below the archive's own top folder */
  get kept(): string[] {
    return [...this.#kept];
  }

  /**
   * Counts an entry and decides about it.
   *
   * @param name - its path in the archive
   * @param entry - its kind, and its size as the archive states it
   * @returns where to keep it, a relative path that stays inside; undefined to leave it out
   * @throws DataError for a path that leads out, a wanted link, and more entries, files or bytes than the rule allows
   */
  admit(name: string, { kind, size }: { kind: "file" | "link" | "other"; size: number }): string | undefined {
    if (++this.#entries > mostEntries) this.refuse(`must hold at most ${mostEntries} entries; it holds more`);
    const path = this.#wantedPath(name);
    if (path === undefined || kind === "other") return undefined;
    if (kind === "link") this.refuse(`must hold plain files; ${name} is a link`);
    this.#bytes += size;
    if (this.#bytes > this.rule.bytes) {
      this.refuse(`must unpack to at most ${this.rule.bytes} bytes; it holds more`);
    }
    if (this.#kept.size >= this.rule.files || this.#kept.has(path)) {
      this.refuse(`must hold ${this.rule.files} of the wanted files; it holds more`);
    }
    this.#kept.add(path);
    return path;
  }

  /**
   * @param reason - what was required and what came
   * @throws DataError always
   */
  refuse(reason: string): never {
    throw new DataError(`${this.archive} ${reason}; get the original archive`, this.archive);
  }

  #wantedPath(name: string): string | undefined {
    const parts = name.split("/");
    const odd = name.includes("\\") || name.includes("\0") || /^[A-Za-z]:/.test(name);
    if (odd || parts[0] === "" || parts.includes("..")) {
      this.refuse(`must hold paths that stay inside; it holds ${JSON.stringify(name)}`);
    }
    const path = parts
      .slice(1)
      .filter((part) => part !== "" && part !== ".")
      .join("/");
    const { keep, leaveOut } = this.rule;
    const named = keep.some((one) => (one.endsWith("/") ? path.startsWith(one) : path === one));
    return named && !(leaveOut && path.endsWith(leaveOut)) ? path : undefined;
  }
}
