import { Displayable } from "../../core/display.js";
import { checkOptions, integerIn, oneOf } from "../../core/options.js";
import { Random } from "../../core/random.js";
import type { ImageSet } from "../../datasets/image-set.js";
import { type ExtractOptions, type Extractor, type FeatureMap, Features } from "../../extractors/index.js";
import { NeighborIndex } from "../../neighbors/neighbor-index.js";
import type { ScoreOptions } from "../../neighbors/neighbor-table.js";
import { coreset } from "./coreset.js";
import { patchRows } from "./patch-rows.js";
import { PatchSample } from "./patch-sample.js";
import { type PatchMap, PatchScores } from "./patch-scores.js";

/** Options of `PatchBank.build`. */
export interface PatchBankOptions extends ExtractOptions {
  /** Patches to keep at most, default 10,000. */
  readonly patches?: number;
  /**
   * Which ones, where there are more: "random" (default), or "coreset", which covers rare patches with fewer by taking the
   * farthest in turn, from a random five times as many.
   */
  readonly select?: "random" | "coreset";
  /** Side in places of the square over which each place's features are averaged, odd, default 3; 1 averages nothing. */
  readonly neighborhood?: number;
  /** Chance of the choice, default `new Random(0)`. */
  readonly random?: Random;
  /** Bytes that the patches may take while they are chosen, default 1 GiB. */
  readonly maxMemory?: number;
}

/** Options of `PatchBank.score`. */
export interface PatchScoreOptions extends ExtractOptions, ScoreOptions {
  /** Nearest patches behind the score of a place, default 1. */
  readonly k?: number;
}

const candidatesForEach = 5;
const blockBytes = 1 << 25;

/**
 * The features of places of normal images, among which the places of other images look for their nearest neighbors: where an
 * image is anomalous, not only whether. Nothing is trained. Beyond the published method.
 *
 * Memory: 4 bytes x patches x features of a place (six times as much while a coreset is chosen), however many images there are.
 *
 * @see Cohen and Hoshen 2020, "Sub-image anomaly detection with deep pyramid correspondences"; Roth and others 2022, PatchCore
 */
export class PatchBank extends Displayable {
  /** Makes the maps. */
  readonly extractor: Extractor;
  /** Features of the patches that were kept; an id is that of the image, with row and column in its map. */
  readonly patches: Features;
  /** Number of patches that there were. */
  readonly offered: number;
  /** Side in places of the square over which features are averaged. */
  readonly neighborhood: number;
  readonly #index: NeighborIndex;

  private constructor(extractor: Extractor, patches: Features, offered: number, neighborhood: number) {
    super();
    this.extractor = extractor;
    this.patches = patches;
    this.offered = offered;
    this.neighborhood = neighborhood;
    this.#index = new NeighborIndex(patches);
  }

  /**
   * Gathers the patches of normal images.
   *
   * @param extractor - gives the maps: take a layer of the middle with `loadExtractor(name, { layer })`, whose places are many
   * @param images - normal training images
   * @param options - how many patches and which, averaging, memory, batch size, bad images, abort signal
   * @returns the bank
   * @throws RangeError when an option is out of range, the patches would take more memory than allowed, or the extractor has no network
   * @throws Aborted when interrupted
   */
  static async build(
    extractor: Extractor,
    images: ImageSet,
    options: PatchBankOptions = {},
  ): Promise<PatchBank> {
    const own = ["patches", "select", "neighborhood", "random", "maxMemory"];
    checkOptions("PatchBank.build", options, [...own, "batchSize", "onBadImage", "signal"]);
    const { random = new Random(0), batchSize, onBadImage, signal } = options;
    const most = integerIn("patches", options.patches ?? 10_000, 1, 100_000_000);
    const select = oneOf("way to select patches", options.select ?? "random", ["random", "coreset"]);
    const neighborhood = integerIn("neighborhood", options.neighborhood ?? 3, 1, 31, "odd");
    if (neighborhood % 2 === 0) throw new RangeError(`neighborhood must be odd; got ${neighborhood}`);
    const candidates = select === "coreset" ? candidatesForEach * most : most;
    const d = extractor.dimensions;
    checkMemory(4 * d * (candidates + (select === "coreset" ? most : 0)), most, d, options.maxMemory);
    const sample = new PatchSample(candidates, d, random.fork("sample"));
    for await (const map of extractor.extractMaps(images, { batchSize, onBadImage, signal })) {
      if (map.shape[0] !== d) {
        throw new RangeError(
          `patches need an extractor whose feature averages a layer's map; the maps of ${extractor.name} have ${map.shape[0]} channels, its feature ${d} values: take a network, for example embedded`,
        );
      }
      const rows = patchRows(map, neighborhood);
      const columns = map.shape[2];
      for (let place = 0; place * d < rows.length; place++) {
        const name = () => `${map.id} (row ${Math.floor(place / columns)}, column ${place % columns})`;
        sample.offer(rows.subarray(place * d, (place + 1) * d), name);
      }
    }
    if (sample.n === 0) {
      throw new RangeError(`a bank of patches needs at least one readable image; ${images.name} has none`);
    }
    const provenance = provenanceOf(extractor, neighborhood);
    const all = new Features(sample.rows, d, sample.names, { provenance });
    const chosen =
      select === "coreset" && all.n > most
        ? all.subset(await coreset(all.data, d, most, { random: random.fork("coreset"), signal }))
        : all;
    return new PatchBank(extractor, chosen, sample.offered, neighborhood);
  }

  /**
   * Compares every place of images with the bank. Maps are computed and searched block by block; what is kept is one number
   * a place.
   *
   * @param images - the images
   * @param options - k, distance and statistic of a place's score, batch size, bad images, abort signal
   * @returns scores of places, from which heatmaps and scores of images are made
   * @throws RangeError when k exceeds the patches kept
   * @throws Aborted when interrupted
   */
  async score(images: ImageSet, options: PatchScoreOptions = {}): Promise<PatchScores> {
    const scoring = ["k", "distance", "statistic"];
    checkOptions("PatchBank.score", options, [...scoring, "batchSize", "onBadImage", "signal"]);
    const { k = 1, distance, statistic, batchSize, onBadImage, signal } = options;
    integerIn("k", k, 1, this.patches.n, "patches in the bank");
    const { d, provenance } = this.patches;
    const found: PatchMap[] = [];
    const good: number[] = [];
    let description = "";
    let waiting: { map: FeatureMap; rows: Float32Array }[] = [];
    let bytes = 0;
    const flush = async () => {
      const data = new Float32Array(bytes / 4);
      let at = 0;
      for (const { rows } of waiting) {
        data.set(rows, at);
        at += rows.length;
      }
      const ids = Array.from({ length: data.length / d }, (_, i) => String(i));
      const queries = new Features(data, d, ids, { provenance });
      const table = await this.#index.search(queries, k, { excludeSelf: false, quiet: true, signal });
      const scores = table.scores(k, { distance, statistic });
      description = scores.description;
      at = 0;
      for (const { map } of waiting) {
        const [, height, width] = map.shape;
        const values = Float32Array.from(scores.values.subarray(at, at + height * width));
        found.push({ id: map.id, width, height, values });
        good.push(map.index);
        at += height * width;
      }
      waiting = [];
      bytes = 0;
    };
    for await (const map of this.extractor.extractMaps(images, { batchSize, onBadImage, signal })) {
      const rows = patchRows(map, this.neighborhood);
      if (bytes > 0 && bytes + rows.byteLength > blockBytes) await flush();
      waiting.push({ map, rows });
      bytes += rows.byteLength;
    }
    if (waiting.length > 0) await flush();
    return new PatchScores({
      images: good.length === images.length ? images : images.subset(good),
      maps: found,
      preparation: this.extractor.preparation,
      k,
      description: description.replace(/nearest$/, k === 1 ? "the nearest patch" : "nearest patches"),
    });
  }

  override toString(): string {
    const { patches, offered, extractor } = this;
    return `PatchBank: ${patches.n} of ${offered} patches x ${patches.d} (${extractor.name}, ${extractor.provenance.layer})`;
  }
}

function provenanceOf({ provenance }: Extractor, neighborhood: number): Features["provenance"] {
  const averaged = neighborhood === 1 ? "" : `, mean over ${neighborhood} x ${neighborhood} places`;
  return { ...provenance, steps: [...(provenance.steps ?? []), `patches${averaged}`] };
}

function checkMemory(needed: number, patches: number, d: number, maxMemory = 2 ** 30): void {
  integerIn("maxMemory, in bytes,", maxMemory, 1, Number.MAX_SAFE_INTEGER);
  if (needed <= maxMemory) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new RangeError(
    `a bank of at most ${patches} patches x ${d} takes up to ${megabytes(needed)} and may take ${megabytes(maxMemory)}; keep fewer patches, or raise maxMemory`,
  );
}
