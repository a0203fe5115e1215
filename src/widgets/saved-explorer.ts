import type { Settings } from "./explorer-model.js";

/** MIME type of an explorer in a notebook file. */
export const explorerMime = "application/vnd.dn2.explorer+json";

/** An image of a sheet: which images it is one of, its position there, its width and height in pixels of the sheet. */
export type SheetTile = readonly [set: "test" | "train", index: number, width: number, height: number];

/** Small pictures of images in one picture: square cells in rows, each image in the middle of its cell. */
export interface Sheet {
  /** Side of a cell in pixels. */
  readonly cell: number;
  /** Cells in a row. */
  readonly columns: number;
  /** Width of the picture in pixels. */
  readonly width: number;
  /** Height of the picture in pixels. */
  readonly height: number;
  /** The images, in order of their cells; one of width 0 could not be read. */
  readonly tiles: readonly SheetTile[];
}

/** A sheet whose picture stands beside it as text. */
export interface SavedSheet extends Sheet {
  /** Base64 of a JPEG. */
  readonly jpeg: string;
}

/** An explorer as it stands in a notebook file: enough to move it without a kernel. */
export interface SavedExplorer {
  /** Version of this form. */
  readonly version: 1;
  /** Tells it from the others; a live explorer has the same. */
  readonly id: string;
  /** "explore", "contamination", "groups" or "explain". */
  readonly kind: string;
  /** Heading. */
  readonly title: string;
  /** By setting, the identifier of the Param behind it; explorers with the same one move together. */
  readonly params: Readonly<Record<string, string>>;
  /** Settings when it was saved. */
  readonly settings: Settings;
  /** The model's data, typed arrays as base64. */
  readonly data: unknown;
  /** Pictures of images that it can show without a kernel. */
  readonly thumbnails: readonly SavedSheet[];
  /** What was left out, in sentences. */
  readonly notes: readonly string[];
}

/** An explorer's notebook form stays below this many bytes. */
export const savedLimit = 1_500_000;
