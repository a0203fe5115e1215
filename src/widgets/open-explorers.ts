import type { KernelBridge } from "../core/kernel-bridge.js";

/** At most this many explorers stay connected; the oldest are disconnected first. */
const mostOpen = 32;

interface Closable {
  close(): void;
}

/** Explorers that are connected with a page, so that a cell that is run again leaves nothing behind. */
class OpenExplorers {
  readonly #open = new Map<Closable, { cell: string | undefined; run: number }>();

  /**
   * Disconnects what an earlier run of the same cell has shown, and the oldest where there are too many.
   *
   * @param explorer - is shown now
   * @param bridge - says which cell runs
   */
  add(explorer: Closable, { cell }: KernelBridge): void {
    for (const [other, place] of [...this.#open]) {
      const replaced = place.cell !== undefined && place.cell === cell?.id && place.run !== cell?.run;
      if (other !== explorer && (replaced || this.#open.size >= mostOpen)) other.close();
    }
    this.#open.set(explorer, { cell: cell?.id, run: cell?.run ?? 0 });
  }

  /** @param explorer - is connected no more */
  remove(explorer: Closable): void {
    this.#open.delete(explorer);
  }
}

/** The connected explorers of this process. */
export const openExplorers = new OpenExplorers();
