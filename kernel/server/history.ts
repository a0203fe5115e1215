interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

/** An entry as front ends get it: session, line, and the input alone or with its output. */
export type HistoryItem = [session: number, line: number, input: string | [string, string | null]];

/** The session number of this kernel; front ends may also say 0 for "the current one". */
const thisSession = 1;
const mostEntries = 5000;

/** What was run in this kernel. */
export class History {
  readonly #entries: Entry[] = [];

  /**
   * Remembers a cell.
   *
   * @param line - its execution count
   * @param input - its code
   */
  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
    if (this.#entries.length > mostEntries) this.#entries.shift();
  }

  /**
   * Remembers what a cell showed.
   *
   * @param line - its execution count
   * @param output - text of its result
   */
  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((candidate) => candidate.line === line);
    if (entry) entry.output = output;
  }

  /**
   * Answers a history_request.
   *
   * @param request - its content: access by tail, range or search
   * @returns the entries asked for, oldest first
   */
  answer(request: Record<string, unknown>): HistoryItem[] {
    const chosen = this.#choose(request);
    return chosen.map(({ line, input, output }) => [
      thisSession,
      line,
      request.output === true ? [input, output] : input,
    ]);
  }

  #choose(request: Record<string, unknown>): Entry[] {
    const most = typeof request.n === "number" ? request.n : mostEntries;
    switch (request.hist_access_type) {
      case "range": {
        if (request.session !== 0 && request.session !== undefined && request.session !== thisSession)
          return [];
        const start = Number(request.start ?? 0);
        const stop = Number(request.stop ?? Number.POSITIVE_INFINITY);
        return this.#entries.filter(({ line }) => line >= start && line < stop);
      }
      case "search": {
        const pattern = globPattern(String(request.pattern ?? "*"));
        let found = this.#entries.filter(({ input }) => pattern.test(input));
        if (request.unique === true) {
          const newest = new Map(found.map((entry) => [entry.input, entry]));
          found = found.filter((entry) => newest.get(entry.input) === entry);
        }
        return lastOf(found, most);
      }
      default:
        return lastOf(this.#entries, most);
    }
  }
}

function lastOf(entries: Entry[], count: number): Entry[] {
  return count > 0 ? entries.slice(-count) : [];
}

function globPattern(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "s");
}
