import type { ShareSearch } from "./share.js";

/** Names of the methods of a share. */
export type ShareMethod = Exclude<keyof ShareSearch, "constructor">;

/** Those who search, each for a share of the queries: threads, or this one alone. */
export interface Crew {
  /** How many there are. */
  readonly size: number;
  /**
   * Has every member do the same with arguments of its own.
   *
   * @param method - what to do
   * @param args - the arguments of a member
   * @returns the results of all
   * @throws what a member throws
   */
  each<M extends ShareMethod>(
    method: M,
    args: (member: number) => Parameters<ShareSearch[M]>,
  ): Promise<Awaited<ReturnType<ShareSearch[M]>>[]>;
  /**
   * @param member - a member, or the number of members
   * @param count - number of things to share out
   * @returns the first thing of the member
   */
  start(member: number, count: number): number;
  /** Gives the members back. */
  close(): Promise<void>;
}

/**
 * @param share - who searches in this thread
 * @returns a crew of one
 */
export function crewOfOne(share: ShareSearch): Crew {
  return {
    size: 1,
    start: (member, count) => member * count,
    async each(method, args) {
      const run = share[method] as (...all: unknown[]) => unknown;
      return [await run.apply(share, args(0))] as never;
    },
    async close() {
      share.end();
    },
  };
}
