import { didYouMean } from "../src/core/closest-name.js";
import { cacheFolder } from "../src/core/data-folders.js";
import {
  type CatalogEntry,
  type Fetched,
  fetchData,
  isHere,
  readCatalog,
} from "../src/datasets/fetch/index.js";
import { dataSetNames } from "../src/datasets/index.js";
import { type Command, UsageError } from "./command.js";
import { inputFile } from "./files.js";

const builtIn = [...dataSetNames().filter((name) => name.startsWith("synthetic")), "embedded", "pixels"];

/** `dn2 fetch`: data sets and weights from their publishers. */
export const fetchCommand: Command = {
  usage: "fetch NAME...",
  summary: "Fetches data sets and weights, verified and resumable; --list names them.",
  options: {
    list: { type: "boolean", help: "list what there is, with size and licence, and whether it is here" },
    catalog: {
      type: "string",
      value: "FILE",
      help: "another catalog in the form of dn2's data/catalog.json, for example your group's own data",
    },
    json: { type: "boolean", help: "print the list or the outcome as JSON" },
  },
  async run({ positionals, values, signal }) {
    const catalog = readCatalog(
      values.catalog === undefined
        ? undefined
        : inputFile("--catalog needs a file in the form of dn2's data/catalog.json", [
            String(values.catalog),
          ]),
    );
    if (values.list) {
      if (positionals.length > 0) throw new UsageError(`--list takes no names; got ${positionals.join(" ")}`);
      const rows = catalog.map((entry) => ({ ...entry, bytes: bytesOf(entry), here: isHere(entry) }));
      process.stdout.write(values.json ? `${JSON.stringify(rows)}\n` : `${table(catalog)}\n\n${advice()}\n`);
      return 0;
    }
    if (positionals.length === 0) throw new UsageError("fetch needs names; npx dn2 fetch --list shows them");
    const here = positionals.find((name) => builtIn.includes(name));
    if (here) throw new UsageError(`${here} is part of dn2: there is nothing to fetch`);
    const known = catalog.map((entry) => entry.name);
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown)
      throw new UsageError(
        `unknown data set or weights ${unknown}${didYouMean(unknown, known)}; valid names are ${known.join(", ")}`,
      );
    const done = await fetchData(positionals, { signal, catalog });
    if (values.json) process.stdout.write(`${JSON.stringify(done)}\n`);
    else for (const one of done) process.stdout.write(`${describe(one)}\n`);
    return 0;
  },
};

function describe({ name, paths, fetched, licence, citation }: Fetched): string {
  return [
    `${name}: ${fetched > 0 ? "fetched and verified" : "was here already"}`,
    ...paths,
    `licence: ${licence}`,
    `cite: ${citation}`,
  ].join("\n  ");
}

function advice(): string {
  return `npx dn2 fetch NAME... puts them into ${cacheFolder()} (DN2_CACHE names another folder); --list --json adds addresses, checksums and what to cite`;
}

function bytesOf(entry: CatalogEntry): number {
  return entry.files.reduce((sum, file) => sum + file.bytes, 0);
}

function table(catalog: readonly CatalogEntry[]): string {
  const rows = catalog.map((entry) => {
    const size =
      entry.files.length === 0
        ? "by hand"
        : `${entry.files.some((file) => file.rounded) ? "about " : ""}${(bytesOf(entry) / 1e6).toFixed(1)} MB`;
    return [entry.name, size, isHere(entry) ? "here" : "-", entry.title, entry.licence];
  });
  const all = [["name", "size", "here", "what", "licence"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) => row.map((cell, i) => (i < 4 ? cell.padEnd(widths[i]) : cell)).join("  "))
    .join("\n");
}
