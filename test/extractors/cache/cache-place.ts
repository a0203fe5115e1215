import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import type { ImageSet } from "../../../src/datasets/index.js";
import { FeatureCache } from "../../../src/extractors/cache/feature-cache.js";
import type { BadImage } from "../../../src/extractors/index.js";
import { MadeUpMaker } from "./made-up-maker.js";

/** The folder of the running test. */
export let folder: string;

/** An empty cache in that folder. */
export let cache: FeatureCache;

/** What was written to stderr. */
export const said: string[] = [];

/** Options of a request that tells nobody anything. */
export const quiet = { onCacheUse: () => {}, onBadImage: () => {} };

/** Gives each test of a file a folder and an empty cache, and listens to stderr. */
export function prepareCache(): void {
  beforeEach(async () => {
    setProgressListener(() => {});
    folder = await mkdtemp(join(tmpdir(), "dn2-features-"));
    cache = new FeatureCache(join(folder, "cache"));
    said.length = 0;
    vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  });
  afterEach(async () => {
    setProgressListener(undefined);
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });
}

/** The only entry of the cache. */
export async function entryFolder(): Promise<string> {
  const [name] = await readdir(cache.folder);
  return join(cache.folder, name);
}

/** Features from the cache, and the images that could not be read. */
export async function featuresAndBad(images: ImageSet, maker = new MadeUpMaker()) {
  const bad: BadImage[] = [];
  const found = await cache.features(maker, images, { ...quiet, onBadImage: (one) => void bad.push(one) });
  return { found, bad };
}
