import { statSync } from "node:fs";

/** What happened to a file, in TypeScript's numbers. */
const event = { created: 0, changed: 1, deleted: 2 } as const;

type Callback = (path: string, event: number) => void;

interface Stamp {
  /** Size, time and place; undefined: there is no file. */
  readonly stamp: string | undefined;
  /** Whether another file could have the same stamp: it was written just now, and clocks of file systems are coarse. */
  readonly young: boolean;
}

/** A file as it was read; the stamp is of the moment before. */
interface Content extends Stamp {
  readonly text: string | undefined;
}

interface Watched {
  readonly path: string;
  readonly callback: Callback;
  known: Content;
  released: boolean;
}

/** A file that was written at least this long before it was read gets another time when it is written again. */
const youngMs = 2000;

/**
 * Tells, when asked, which files differ from what was read of them: a cell sees what was saved just before it, however
 * busy the machine and however coarse the clock of the file system.
 */
export class FileChanges {
  readonly #watched = new Set<Watched>();
  readonly #read = new Map<string, Content>();

  /**
   * @param real - the place of a path; undefined when there can be no file
   * @param system - reads a file; undefined when there is none
   */
  constructor(
    private readonly real: (path: string) => string | undefined,
    private readonly system: { readFile(path: string): string | undefined },
  ) {}

  /**
   * Reads a file that will be watched.
   *
   * @param path - the file
   * @returns its text; undefined when there is none
   */
  read(path: string): string | undefined {
    const content = this.#contentOf(path);
    this.#read.set(path, content);
    return content.text;
  }

  /**
   * Watches a file. After the end of the watching, the callback hears of one more change: whoever keeps what was made
   * of the file learns that it is outdated by the time the file is used again.
   *
   * @param path - the file, which need not exist
   * @param callback - called by `report` with the path and what happened
   * @returns ends the watching
   */
  watch(path: string, callback: Callback): { close(): void } {
    const known = this.#read.get(path) ?? this.#contentOf(path);
    this.#read.delete(path);
    for (const other of this.#watched) {
      if (other.released && other.path === path && other.known.text === known.text)
        this.#watched.delete(other);
    }
    const watched: Watched = { path, callback, known, released: false };
    this.#watched.add(watched);
    return {
      close() {
        watched.released = true;
      },
    };
  }

  /**
   * Calls back for every file that differs from what was read of it.
   *
   * @returns the places of these files
   */
  report(): string[] {
    const places: string[] = [];
    for (const watched of [...this.#watched]) {
      const { path, known } = watched;
      if (!known.young && stampOf(this.real(path)).stamp === known.stamp) continue;
      const now = this.#contentOf(path);
      watched.known = now;
      if (now.text === known.text) continue;
      if (watched.released) this.#watched.delete(watched);
      const gone = now.text === undefined ? event.deleted : event.changed;
      watched.callback(path, known.text === undefined ? event.created : gone);
      places.push(this.real(path) ?? path);
    }
    return places;
  }

  #contentOf(path: string): Content {
    const place = this.real(path);
    const stamp = stampOf(place);
    const text = place === undefined || stamp.stamp === undefined ? undefined : this.system.readFile(place);
    return { ...stamp, text };
  }
}

function stampOf(path: string | undefined): Stamp {
  const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stats) return { stamp: undefined, young: false };
  const young = Date.now() - Number(stats.mtimeMs) < youngMs;
  return { stamp: `${stats.mtimeNs} ${stats.size} ${stats.ino}`, young };
}
