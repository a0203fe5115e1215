import { createHash } from "node:crypto";
import { basename } from "node:path";
import { DataError } from "../core/errors.js";
import { isFile } from "../core/what-is-there.js";
import type { Preparation } from "../images/index.js";
import {
  bindWeights,
  type LoadedWeights,
  type Network,
  networkNamed,
  networkNames,
  readSafetensors,
  roundToFloat16,
  type Weights,
  writeSafetensors,
} from "../networks/index.js";

const ending = ".safetensors";
const note = "dn2 extractor";
const format = 1;

/** An extractor in a file of its own: a network with its weights and how images are prepared for it. */
export interface ExtractorFile extends LoadedWeights {
  /** The network, named after the file, with the preparation that the file asks for. */
  readonly network: Network;
}

/** What is written into the file of an extractor. */
export interface ExtractorParts {
  /** One of the package's networks. */
  readonly network: Network;
  /** Its weights. */
  readonly weights: Weights;
  /** How images are prepared for them. */
  readonly preparation: Preparation;
  /** Where the weights come from, one sentence. */
  readonly source: string;
}

/**
 * Looks for the file of an extractor.
 *
 * @param name - the file, with or without its ending .safetensors
 * @returns the file's path; undefined when there is none
 */
export function findExtractorFile(name: string): string | undefined {
  return [name, `${name}${ending}`].find((path) => path.endsWith(ending) && isFile(path));
}

/**
 * Writes an extractor into one file: a safetensors file, weights as float16, whose header says the rest.
 *
 * @param path - ends in .safetensors; an earlier file stays whole until the new one is complete
 * @param parts - network, weights, preparation, source
 */
export async function writeExtractorFile(path: string, parts: ExtractorParts): Promise<void> {
  const { network, preparation, source } = parts;
  const weights = new Map(
    Array.from(
      parts.weights,
      ([name, { shape, data }]) => [name, { shape, data: roundToFloat16(data) }] as const,
    ),
  );
  const description = { format, network: network.name, preparation, source, sha256: hashOf(weights) };
  await writeSafetensors(path, weights, {
    dtype: "float16",
    metadata: { [note]: JSON.stringify(description) },
  });
}

/**
 * Reads the file of an extractor.
 *
 * @param path - the file
 * @returns the network, its weights, and the SHA-256 of the whole file
 * @throws DataError with one sentence when the file is no such file, damaged, or from a newer version
 */
export async function readExtractorFile(path: string): Promise<ExtractorFile> {
  const { tensors, metadata, hash } = await readSafetensors(path);
  const refuse = (sentence: string) => new DataError(`${path} ${sentence}`, path);
  if (metadata[note] === undefined) {
    throw refuse(
      "must be an extractor that dn2 distill wrote; it holds weights only: name the network they are of, and give the file as its weights",
    );
  }
  const { network: base, preparation, source, sha256 } = checked(metadata[note], refuse);
  const weights = bindWeights(base, tensors, path);
  if (hashOf(weights) !== sha256) {
    throw refuse(
      "must hold the weights that were written; they have changed since, so take a copy or distill again",
    );
  }
  const name = basename(path, ending);
  const origin = { file: basename(path), source, licence: "that of its owner", bundled: false };
  return {
    network: { ...base, name, preparation, weights: origin },
    weights,
    sizes: new Map(),
    hash,
    path,
  };
}

type Refuse = (sentence: string) => DataError;

function checked(
  text: string,
  refuse: Refuse,
): Pick<ExtractorParts, "network" | "preparation" | "source"> & { sha256: string } {
  let described: Record<string, unknown>;
  try {
    described = JSON.parse(text);
  } catch {
    throw refuse(
      "must describe its extractor as JSON; the description is damaged, so take a copy or distill again",
    );
  }
  if (described?.format !== format) {
    throw refuse(`must be of format ${format}; it is of ${described?.format}: use the dn2 that wrote it`);
  }
  const { network, preparation, source, sha256 } = described;
  if (typeof network !== "string" || !networkNames().includes(network)) {
    throw refuse(`must be of one of the networks ${networkNames().join(", ")}; it is of ${network}`);
  }
  if (!isPreparation(preparation)) {
    throw refuse(
      "must say how images are prepared; what it says is damaged, so take a copy or distill again",
    );
  }
  return { network: networkNamed(network), preparation, source: String(source), sha256: String(sha256) };
}

function isPreparation(value: unknown): value is Preparation {
  const { resize, crop, filter, mean, std } = (value ?? {}) as Record<string, unknown>;
  const isSide = (side: unknown) => Number.isInteger(side) && Number(side) >= 1 && Number(side) <= 4096;
  const isScale = (list: unknown) =>
    Array.isArray(list) && list.length === 3 && list.every((x) => Number.isFinite(x));
  const filters = ["bilinear", "bicubic", "nearest"];
  return (
    isSide(resize) &&
    isSide(crop) &&
    Number(crop) <= Number(resize) &&
    filters.includes(filter as string) &&
    isScale(mean) &&
    isScale(std) &&
    (std as number[]).every((x) => x > 0)
  );
}

function hashOf(weights: Weights): string {
  const hash = createHash("sha256");
  for (const [name, { data }] of weights) {
    hash.update(`${name}\n`).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
