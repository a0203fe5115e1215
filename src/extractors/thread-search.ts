/** What a search for the number of threads does with a network. */
export interface ThreadVariants {
  /** Compiles the network for a number of threads. */
  prepare(threads: number): Promise<void>;
  /** Lets the next runs use so many threads, for which it was prepared. */
  use(threads: number): void;
  /** Gives back what was prepared for a number of threads that is not used any more. */
  drop(threads: number): void;
  /** Keeps what is used and gives back the rest; the search may be made again unless it is settled. */
  end(isSettled: boolean): void;
}

/** Images of a stretch that is measured: more than are decoded ahead, so that it does not live on what another left. */
const stretchImages = 64;
/** Images and seconds that must be left: a search costs up to about a hundred images' time where nothing is gained. */
const worthImages = 2000;
const worthMs = 20_000;
/** How much faster fewer threads must be to be taken, and how much slower they may be at first to be measured again. */
const gain = 1.05;
const hopeless = 1.1;
/** Stretches of each of two numbers of threads that are compared, in turn; the faster one counts. */
const rounds = 2;

interface Stretch {
  /** Milliseconds an image, from file to feature. */
  readonly ms: number;
  /** Images that are still to come. */
  readonly left: number;
}

/**
 * Finds out during an extraction whether it is faster with fewer threads, halving their number as long as that gains. Images that are
 * measured are images like any other; whole stretches are timed, in which decoding and the network share the processor as they always do.
 */
export class ThreadSearch {
  readonly #variants: ThreadVariants;
  readonly #steps: AsyncGenerator<number, void, Stretch>;
  #best: number;
  #wanted = 0;
  #images = 0;
  #began = 0;
  #ended = false;

  /**
   * @param threads - number of threads at the start
   * @param variants - the network
   */
  constructor(threads: number, variants: ThreadVariants) {
    this.#best = threads;
    this.#variants = variants;
    this.#steps = this.#search();
  }

  /** Whether the stretch is over: `next` is to be called when no batch is running. */
  get isDue(): boolean {
    return !this.#ended && this.#images >= this.#wanted;
  }

  /**
   * Counts a batch that is started.
   *
   * @param images - images in it
   */
  count(images: number): void {
    this.#images += images;
  }

  /**
   * Takes the time of the stretch that has ended and begins another, perhaps on another number of threads.
   *
   * @param left - images that are still to come
   */
  async next(left: number): Promise<void> {
    const ms = (performance.now() - this.#began) / Math.max(1, this.#images);
    const { done, value } = await this.#steps.next({ ms, left });
    if (done) this.#end(true);
    this.#wanted = value ?? 0;
    this.#images = 0;
    this.#began = performance.now();
  }

  /** Ends the search where it is; another may be made. */
  stop(): void {
    this.#variants.use(this.#best);
    this.#end(false);
  }

  #end(isSettled: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#variants.end(isSettled);
  }

  /** Yields the length of the stretch to measure next, in images. */
  async *#search(): AsyncGenerator<number, void, Stretch> {
    const { ms, left } = yield stretchImages;
    if (left < worthImages || left * ms < worthMs) {
      this.stop();
      return;
    }
    for (let before = ms; this.#best > 1; ) {
      const challenger = Math.ceil(this.#best / 2);
      try {
        await this.#variants.prepare(challenger);
      } catch {
        // Weights that are no longer there, or too little memory for a second network: the extraction goes on as it is.
        return;
      }
      const found = yield* this.#compare(challenger, before);
      this.#variants.use(this.#best);
      if (found === undefined) return;
      before = found;
    }
  }

  /** Compares a number of threads with the best one so far; what it takes an image where it is better, and is the best then. */
  async *#compare(challenger: number, before: number): AsyncGenerator<number, number | undefined, Stretch> {
    this.#variants.use(challenger);
    yield 1;
    let [best, own] = [before, Number.POSITIVE_INFINITY];
    for (let round = 0; round < rounds; round++) {
      this.#variants.use(challenger);
      own = Math.min(own, (yield stretchImages).ms);
      if (own > hopeless * best) return undefined;
      this.#variants.use(this.#best);
      best = Math.min(best, (yield stretchImages).ms);
    }
    if (own * gain > best) return undefined;
    const slower = this.#best;
    this.#best = challenger;
    this.#variants.use(challenger);
    this.#variants.drop(slower);
    return own;
  }
}
