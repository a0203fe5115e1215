import type { ExplorerData, ExplorerModel, Settings, Tile } from "./explorer-model.js";
import { compactData } from "./models/compact.js";
import { base64, packText } from "./packed.js";
import { type SavedExplorer, type SavedSheet, savedLimit } from "./saved-explorer.js";
import { type ImagePlace, sheetLimit, type Thumbnails } from "./thumbnails.js";

const thumbnailBytes = 250_000;
const otherBytes = 20_000;
const mostThumbnails = 4 * sheetLimit;
const stopsOnSlider = 9;

/** What the notebook form of an explorer is made of. */
export interface SavedParts {
  /** Tells the explorer from the others. */
  readonly id: string;
  /** What it knows. */
  readonly data: ExplorerData;
  /** What it computes. */
  readonly model: ExplorerModel;
  /** By setting, the identifier of the Param behind it. */
  readonly params: Readonly<Record<string, string>>;
  /** Makes the pictures. */
  readonly thumbnails: Thumbnails;
}

/** Writes explorers as they stand in notebook files. */
export class SavedForm {
  readonly #parts: SavedParts;
  #packed: { data: unknown; notes: readonly string[] } | undefined;
  #usual: ImagePlace[] | undefined;
  #sheets: { key: string; sheets: SavedSheet[] } | undefined;

  /** @param parts - what to write */
  constructor(parts: SavedParts) {
    this.#parts = parts;
  }

  /**
   * @param settings - the settings to save
   * @returns the explorer as JSON, below 1.5 MB
   */
  async at(settings: Settings): Promise<SavedExplorer> {
    const { id, data, model, params, thumbnails } = this.#parts;
    this.#packed ??= this.#pack();
    const sheets = thumbnails.any ? await this.#pictures(settings) : [];
    const { kind } = data;
    const { data: packed, notes } = this.#packed;
    return {
      version: 1,
      id,
      kind,
      title: model.title,
      params,
      settings,
      data: packed,
      thumbnails: sheets,
      notes,
    };
  }

  #pack(): { data: unknown; notes: readonly string[] } {
    const maxBytes = savedLimit - thumbnailBytes - otherBytes;
    const { data, notes } = compactData(this.#parts.data, { maxBytes });
    const packed = packText(data);
    const { length } = JSON.stringify(packed);
    if (length <= maxBytes) return { data: packed, notes };
    const size = `${(length / 1e6).toFixed(1)} MB`;
    return {
      data: null,
      notes: [`its moving form would take ${size} in the notebook file; run its cell again`],
    };
  }

  async #pictures(settings: Settings): Promise<SavedSheet[]> {
    const { thumbnails } = this.#parts;
    this.#usual ??= this.#usualPlaces();
    const places = distinct([...this.#placesAt(settings, true), ...this.#usual]).slice(0, mostThumbnails);
    const key = places.map(({ set, index }) => `${set}${index}`).join(" ");
    if (this.#sheets?.key === key) return this.#sheets.sheets;
    const sheets: SavedSheet[] = [];
    let room = thumbnailBytes;
    for (let i = 0; i < places.length; i += sheetLimit / 2) {
      const sheet = await thumbnails.sheet(places.slice(i, i + sheetLimit / 2));
      if (!sheet) continue;
      const jpeg = base64(sheet.jpeg);
      room -= jpeg.length;
      if (room < 0) break;
      sheets.push({ ...sheet, jpeg });
    }
    this.#sheets = { key, sheets };
    return sheets;
  }

  /** What the galleries show where the controls are likely to be moved to, most likely first. */
  #usualPlaces(): ImagePlace[] {
    const { model } = this.#parts;
    return model.controls.flatMap((control) => {
      const values =
        control.type === "choice"
          ? control.options.map(({ value }) => value)
          : Array.from({ length: stopsOnSlider }, (_, i) => {
              const share = (i / (stopsOnSlider - 1)) ** 2;
              const steps = Math.round((share * (control.max - control.min)) / control.step);
              return control.min + steps * control.step;
            });
      return values.flatMap((value) => this.#placesAt({ ...model.defaults, [control.name]: value }, false));
    });
  }

  #placesAt(settings: Settings, explained: boolean): ImagePlace[] {
    const { model } = this.#parts;
    const tiles = model.view(settings).galleries.flatMap((gallery) => gallery.tiles);
    if (!explained) return [...tiles];
    const inside = (tile: Tile) =>
      model
        .explain?.(tile, settings)
        ?.view(settings)
        .galleries.flatMap((gallery) => gallery.tiles.slice(0, 6)) ?? [];
    return [...tiles, ...tiles.slice(0, 12).flatMap(inside)];
  }
}

function distinct(places: readonly ImagePlace[]): ImagePlace[] {
  const seen = new Set<string>();
  return places.flatMap(({ set, index }) => {
    const key = `${set} ${index}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ set, index }];
  });
}
