import { statSync } from "node:fs";

/** What happened to a file, in TypeScript's numbers. */
const event = { created: 0, changed: 1, deleted: 2 } as const;

type Callback = (path: string, event: number) => void;

interface Watched {
  readonly path: string;
  readonly callback: Callback;
  state: string | undefined;
}

/** Tells which files changed when asked, so that a cell sees what was saved just before it, however busy the machine. */
export class FileChanges {
  readonly #watched = new Set<Watched>();

  /**
   * @param path - a file, which need not exist
   * @param callback - called by `report` with the path and what happened
   * @returns ends the watching
   */
  watch(path: string, callback: Callback): { close(): void } {
    const watched: Watched = { path, callback, state: stateOf(path) };
    this.#watched.add(watched);
    return { close: () => void this.#watched.delete(watched) };
  }

  /** Calls back for every file that differs from the last time. */
  report(): void {
    for (const watched of [...this.#watched]) {
      const state = stateOf(watched.path);
      if (state === watched.state) continue;
      const happened =
        watched.state === undefined ? event.created : state === undefined ? event.deleted : event.changed;
      watched.state = state;
      watched.callback(watched.path, happened);
    }
  }
}

function stateOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats && `${stats.mtimeNs} ${stats.size} ${stats.ino}`;
}
