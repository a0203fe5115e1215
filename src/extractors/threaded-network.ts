import type { Output } from "../engines/index.js";
import type { FeatureOutput, ImageNetwork, Preparations } from "./image-network.js";
import { ThreadSearch } from "./thread-search.js";

interface Variant {
  readonly network: ImageNetwork;
  readonly threads: number;
  running: number;
  retired: boolean;
}

/** A network that can be compiled again for another number of threads, since an engine fixes the number when it compiles. */
export class ThreadedNetwork implements ImageNetwork {
  readonly #compile: (threads: number) => Promise<ImageNetwork>;
  #current: Variant;
  #state: "open" | "searching" | "settled" = "open";

  /**
   * @param network - compiled for `threads`
   * @param threads - the usual number
   * @param compile - compiles it for another number; its outputs must be equal by a bit
   */
  constructor(network: ImageNetwork, threads: number, compile: (threads: number) => Promise<ImageNetwork>) {
    this.#compile = compile;
    this.#current = variantOf(network, threads);
  }

  /** Number of threads of the next run. */
  get threads(): number {
    return this.#current.threads;
  }

  preparations(output: FeatureOutput): Preparations {
    return this.#current.network.preparations(output);
  }

  async run(...input: Parameters<ImageNetwork["run"]>): Promise<Output> {
    const used = this.#current;
    used.running++;
    try {
      return await used.network.run(...input);
    } finally {
      used.running--;
      if (used.retired && used.running === 0) used.network.dispose();
    }
  }

  dispose(): void {
    this.#state = "settled";
    this.#current.network.dispose();
  }

  /**
   * @returns a search for the fastest number of threads; undefined while another goes on, after one has ended, and where there is one
   *   thread only
   */
  search(): ThreadSearch | undefined {
    if (this.#state !== "open" || this.threads === 1) return undefined;
    this.#state = "searching";
    const variants = new Map([[this.threads, this.#current]]);
    return new ThreadSearch(this.threads, {
      prepare: async (threads) => {
        variants.set(threads, variantOf(await this.#compile(threads), threads));
      },
      use: (threads) => {
        this.#current = variants.get(threads) as Variant;
      },
      drop: (threads) => {
        retire(variants.get(threads) as Variant);
        variants.delete(threads);
      },
      end: (isSettled) => {
        if (this.#state === "searching") this.#state = isSettled ? "settled" : "open";
        for (const variant of variants.values()) if (variant !== this.#current) retire(variant);
      },
    });
  }
}

function variantOf(network: ImageNetwork, threads: number): Variant {
  return { network, threads, running: 0, retired: false };
}

function retire(variant: Variant): void {
  variant.retired = true;
  if (variant.running === 0) variant.network.dispose();
}
