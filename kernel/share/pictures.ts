import { readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { statOf } from "../../src/core/what-is-there.js";
import type { NotebookCell } from "../run/notebook.js";
import { bytesOf } from "./contents.js";
import type { PictureSource } from "./markdown.js";

const types: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};
const mostBytes = 10e6;

/**
 * Finds the pictures of a text cell: attachments of the cell, and files beside the notebook or in folders up to two
 * above it. Nothing is fetched.
 *
 * @param path - the notebook
 * @param cell - the cell
 * @returns gives the content of a picture as the address of an <img>
 */
export function picturesOf(path: string, cell: NotebookCell): PictureSource {
  return (address) => {
    if (/^data:image\/(png|jpeg|gif|webp|svg\+xml);base64,/.test(address)) return address;
    if (address.startsWith("attachment:"))
      return attachment(cell, decoded(address.slice("attachment:".length)));
    if (/^[a-z][a-z\d+.-]*:|^[/\\]/i.test(address)) return undefined;
    return pictureFile(path, decoded(address.replace(/[?#].*$/, "")));
  };
}

function attachment(cell: NotebookCell, name: string): string | undefined {
  const bundle = (cell.attachments as Record<string, Record<string, unknown>> | undefined)?.[name];
  for (const [type, content] of Object.entries(bundle ?? {})) {
    if (Object.values(types).includes(type)) return dataAddress(type, bytesOf([content].flat().join("")));
  }
  return undefined;
}

function pictureFile(notebook: string, name: string): string | undefined {
  const type = types[extname(name).toLowerCase()];
  const folder = dirname(resolve(notebook));
  const file = join(folder, name);
  const outside = relative(join(folder, "..", ".."), file).startsWith("..");
  const stat = statOf(file);
  if (!type || outside || !stat?.isFile() || stat.size > mostBytes) return undefined;
  return dataAddress(type, readFileSync(file));
}

function dataAddress(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString("base64")}`;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
