import type { TypeScript } from "../compiler/typescript.js";
import type { Converter } from "./types.js";

/*
 * This file is bundled (kernel/compiler/bundle.ts), with what it requires: nothing can be loaded in a snapshot of Node.
 */

/** What the bundle gives to tslab's files; see `tslabInBundle`. */
interface Given {
  typescript?: TypeScript;
  folder?: string;
}

const given: Given = {};
Object.defineProperty(globalThis, Symbol.for("dn2.tslab"), { value: given });

/** @returns TypeScript as tslab brings it */
export function loadTypeScript(): TypeScript {
  return require("@tslab/typescript-for-tslab");
}

/**
 * Loads tslab's converter and has it build its first program.
 *
 * @param view - what it uses as TypeScript
 * @param folder - folder of tslab's own files
 * @returns the converter
 */
export function loadConverter(view: TypeScript, folder: string): Converter {
  given.typescript = view;
  given.folder = folder;
  return require("tslab/dist/converter.js").createConverter({});
}

/**
 * What comments in a cell tell tslab, for example that the cell is a module.
 *
 * @param code - the cell
 * @returns the comments' meaning
 */
export function metadataOf(code: string): { readonly module?: string; readonly mode?: string } {
  return require("tslab/dist/metadata.js").getCodeMetadata(code);
}
