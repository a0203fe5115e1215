const segment = "-dn2-";
const placeholder = new RegExp(`(?:/${segment})+`, "g");

/**
 * The folder of the notebook as the type checker knows it: a placeholder, so that a type checker that was prepared
 * before anybody knew the notebook can be used for it. Paths above the notebook's folder have placeholders as well.
 */
export class VirtualFolder {
  /** The placeholder's path. */
  readonly path: string;
  #ancestors: readonly string[] = [];

  /** @param depth - how many levels below the root the real folder may lie */
  constructor(readonly depth: number) {
    this.path = `/${segment}`.repeat(depth);
  }

  /** @param folder - absolute path of the real folder, with "/" between its parts and at most `depth` of them */
  assign(folder: string): void {
    const parts = folder.split("/").filter(Boolean);
    if (parts.length > this.depth)
      throw new RangeError(`a notebook can lie at most ${this.depth} folders deep; got ${folder}`);
    this.#ancestors = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
  }

  /**
   * @param path - a path as the type checker knows it
   * @returns the real path; undefined when there can be no such file
   */
  real(path: string): string | undefined {
    if (!path.startsWith(`/${segment}`)) return path;
    const held = /^(?:\/-dn2-)+(?=\/|$)/.exec(path)?.[0] ?? "";
    const rest = path.slice(held.length);
    const above = this.depth - held.length / (segment.length + 1);
    if (above > this.#ancestors.length) return undefined;
    if (above === this.#ancestors.length) return rest || "/";
    return this.#ancestors[this.#ancestors.length - 1 - above] + rest;
  }

  /**
   * @param text - may contain paths as the type checker knows them
   * @returns the same with the real paths
   */
  realText(text: string): string {
    return text.replace(placeholder, (path) => this.real(path) ?? path);
  }
}
