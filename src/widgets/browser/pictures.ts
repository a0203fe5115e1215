import type { SavedExplorer, Sheet } from "../saved-explorer.js";

/** Names an image. */
export interface Place {
  readonly set: "test" | "train";
  readonly index: number;
}

/** A part of a picture. */
export interface Picture {
  readonly url: string;
  /** Size of the whole picture. */
  readonly sheet: { readonly width: number; readonly height: number };
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Asks for small pictures of images. */
export type AskForPictures = (places: readonly Place[]) => void;

const askAfterMs = 100;
const askAgainMs = 20_000;
const mostAsked = 64;
const mostSheets = 80;

/** The small pictures that a page has of an explorer's images. */
export class Pictures {
  readonly #pictures = new Map<string, Picture | "none">();
  readonly #sheets: { url: string; keys: string[] }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #wanted = new Map<object, readonly Place[]>();
  #ask: AskForPictures | undefined;
  #asked = 0;
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ask - asks the kernel; undefined when there is none */
  connect(ask: AskForPictures | undefined): void {
    this.#ask = ask;
    this.#asked = 0;
    this.#askLater();
  }

  /** Whether pictures that are missing can still come. */
  get connected(): boolean {
    return this.#ask !== undefined;
  }

  /**
   * @param place - an image
   * @returns its picture; "none" when it cannot be read; undefined when it has not come
   */
  get({ set, index }: Place): Picture | "none" | undefined {
    return this.#pictures.get(`${set} ${index}`);
  }

  /**
   * Says which pictures are shown now; those that are missing are asked for, a little later and all at once.
   *
   * @param owner - who shows them
   * @param places - the images, in order of importance
   */
  want(owner: object, places: readonly Place[]): void {
    this.#wanted.delete(owner);
    if (places.length > 0) this.#wanted.set(owner, places);
    this.#askLater();
  }

  /**
   * @param listener - called when pictures have come
   * @returns a function that ends it
   */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#ended && this.#listeners.size === 0) this.#dispose();
    };
  }

  /** Says that nobody will listen who does not listen now: the memory is given back with the last listener. */
  end(): void {
    this.#ended = true;
    this.connect(undefined);
    if (this.#listeners.size === 0) this.#dispose();
  }

  /**
   * @param sheet - pictures that have come
   * @param jpeg - the bytes
   */
  add(sheet: Sheet, jpeg: BlobPart): void {
    this.#asked = 0;
    const url = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
    const keys: string[] = [];
    sheet.tiles.forEach(([set, index, width, height], i) => {
      const key = `${set} ${index}`;
      const left = (i % sheet.columns) * sheet.cell + Math.floor((sheet.cell - width) / 2);
      const top = Math.floor(i / sheet.columns) * sheet.cell + Math.floor((sheet.cell - height) / 2);
      this.#pictures.set(key, width > 0 ? { url, sheet, left, top, width, height } : "none");
      keys.push(key);
    });
    this.#sheets.push({ url, keys });
    if (this.#sheets.length > mostSheets) this.#drop(this.#sheets.shift()!);
    for (const listener of this.#listeners) listener();
    this.#askLater();
  }

  /** @param saved - a saved explorer whose pictures are taken over */
  addSaved(saved: SavedExplorer): void {
    for (const sheet of saved.thumbnails)
      this.add(
        sheet,
        Uint8Array.from(atob(sheet.jpeg), (c) => c.charCodeAt(0)),
      );
  }

  #dispose(): void {
    clearTimeout(this.#timer);
    for (const sheet of this.#sheets.splice(0)) this.#drop(sheet);
  }

  #drop({ url, keys }: { url: string; keys: string[] }): void {
    URL.revokeObjectURL(url);
    for (const key of keys) {
      const known = this.#pictures.get(key);
      if (known && (known === "none" || known.url === url)) this.#pictures.delete(key);
    }
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    if (!this.#ask || this.#missing().length === 0) return;
    const wait = Math.max(askAfterMs, this.#asked + askAgainMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#asked = Date.now();
      this.#ask?.(this.#missing().slice(0, mostAsked));
      this.#askLater();
    }, wait);
  }

  #missing(): Place[] {
    const places = [...this.#wanted.values()].flat().filter((place) => this.get(place) === undefined);
    const byKey = new Map(places.map(({ set, index }) => [`${set} ${index}`, { set, index }]));
    return [...byKey.values()];
  }
}
