import { resolve } from "node:path";
import { type CacheEntryInfo, clearCache, defaultFeatureFolder, listCache } from "../src/extractors/index.js";
import { formatCount } from "../src/plots/number-format.js";
import { type Command, type CommandArguments, type OptionSpec, UsageError } from "./command.js";
import { cacheFolderOption } from "./files.js";

const cacheOption: OptionSpec = {
  type: "string",
  value: "FOLDER",
  help: "the cache; default the folder features of DN2_CACHE or ~/.cache/dn2",
};

const jsonOption: OptionSpec = { type: "boolean", help: "print one line of JSON" };

/** `dn2 cache list`: the features that are kept. */
export const cacheListCommand: Command = {
  usage: "cache list [options]",
  summary: "Lists the features that are kept, with their size and when they were last used.",
  options: { cache: cacheOption, json: jsonOption },
  async run({ positionals, values }) {
    if (positionals.length > 0)
      throw new UsageError(`cache list takes no names; got ${positionals.join(" ")}`);
    const folder = folderOf(values);
    const entries = await listCache(folder);
    if (values.json) {
      process.stdout.write(`${JSON.stringify(entries)}\n`);
      return 0;
    }
    for (const entry of entries) process.stdout.write(`${describe(entry)}\n`);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    process.stdout.write(`${folder}: ${formatCount(entries.length, "extractor")}, ${megabytes(bytes)}\n`);
    return 0;
  },
};

/** `dn2 cache clear`: removes kept features. */
export const cacheClearCommand: Command = {
  usage: "cache clear [NAME...] [options]",
  summary: "Removes kept features: those of the entries or extractors named, those unused for long, or all.",
  options: {
    "older-than": { type: "string", value: "DAYS", help: "only what was not used for so many days" },
    all: { type: "boolean", help: "everything" },
    cache: cacheOption,
    json: jsonOption,
  },
  async run({ positionals, values }) {
    const days = values["older-than"] === undefined ? undefined : Number(values["older-than"]);
    if (days !== undefined && !(days > 0)) {
      throw new UsageError(`--older-than must be a number of days above 0; got ${values["older-than"]}`);
    }
    if (positionals.length === 0 && days === undefined && values.all !== true) {
      throw new UsageError(
        "cache clear needs names, --older-than DAYS or --all; npx dn2 cache list shows the names",
      );
    }
    if (values.all === true && (positionals.length > 0 || days !== undefined)) {
      throw new UsageError("cache clear takes either --all, or names and --older-than");
    }
    const removed = await clearCache(folderOf(values), {
      names: positionals.length > 0 ? positionals : undefined,
      olderThanDays: days,
    });
    if (values.json) {
      process.stdout.write(`${JSON.stringify(removed)}\n`);
      return 0;
    }
    for (const { name, images, bytes } of removed) {
      process.stdout.write(`removed ${name}: ${images} images, ${megabytes(bytes)}\n`);
    }
    if (removed.length === 0) process.stdout.write("nothing to remove\n");
    return 0;
  },
};

function folderOf(values: CommandArguments["values"]): string {
  const cache = cacheFolderOption(values);
  return cache === undefined ? defaultFeatureFolder() : resolve(cache);
}

function describe(entry: CacheEntryInfo): string {
  const { name, images, dimensions, bytes, lastUsed, engine } = entry;
  const sets = Object.entries(entry.sets).map(([set, count]) => `${set} ${count}`);
  const day = new Date(lastUsed).toISOString().slice(0, 10);
  return [
    `${name}: ${images} x ${dimensions}, ${megabytes(bytes)}, used ${day}, ${engine}`,
    `  ${sets.join(", ") || "no image yet"}`,
    ...entry.unfinished.map(
      ({ set, found, images: all }) => `  unfinished: ${found} of ${all} images of ${set}`,
    ),
  ].join("\n");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
