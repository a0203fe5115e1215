import type { Gallery, Tile } from "../explorer-model.js";
import { element, setText } from "./dom.js";
import type { Picture, Pictures } from "./pictures.js";

const side = 80;

/** A row of images in the page. */
export class GalleryView {
  /** Holds the row. */
  readonly root: HTMLElement;
  readonly #heading = element("h4", { class: "dn2x-gallery-title" });
  readonly #list = element("ul", { class: "dn2x-tiles" });
  readonly #empty = element("p", { class: "dn2x-empty" });
  readonly #tiles: TileView[] = [];
  readonly #pictures: Pictures;
  readonly #open: ((tile: Tile, row: HTMLElement) => void) | undefined;

  /**
   * @param pictures - the pictures that have come
   * @param open - called with an image that was chosen; undefined when nothing follows
   */
  constructor(pictures: Pictures, open: ((tile: Tile, row: HTMLElement) => void) | undefined) {
    this.#pictures = pictures;
    this.#open = open;
    this.root = element("section", { class: "dn2x-gallery" }, this.#heading, this.#list, this.#empty);
  }

  /** @param gallery - what to show */
  update(gallery: Gallery): void {
    this.root.dataset.gallery = gallery.name;
    setText(this.#heading, gallery.title);
    setText(this.#empty, gallery.tiles.length === 0 ? gallery.empty : "");
    while (this.#tiles.length < gallery.tiles.length) {
      const view = new TileView(this.#open && ((tile) => this.#open?.(tile, this.root)));
      this.#tiles.push(view);
      this.#list.append(view.root);
    }
    while (this.#tiles.length > gallery.tiles.length) this.#tiles.pop()!.root.remove();
    gallery.tiles.forEach((tile, i) => void this.#tiles[i].update(tile, this.#pictures));
  }
}

class TileView {
  readonly root: HTMLElement;
  readonly #frame: HTMLElement;
  readonly #picture = element("span", { class: "dn2x-picture" });
  readonly #caption = element("span", { class: "dn2x-caption" });
  #tile: Tile | undefined;
  #shown: Picture | "none" | undefined;

  constructor(open: ((tile: Tile) => void) | undefined) {
    const parts = [element("span", { class: "dn2x-box" }, this.#picture), this.#caption];
    this.#frame = open
      ? element("button", { type: "button", class: "dn2x-tile" }, ...parts)
      : element("span", { class: "dn2x-tile" }, ...parts);
    if (open) this.#frame.addEventListener("click", () => this.#tile && open(this.#tile));
    this.root = element("li", {}, this.#frame);
  }

  update(tile: Tile, pictures: Pictures): void {
    const picture = pictures.get(tile);
    if (picture !== this.#shown) this.#show(picture);
    if (!picture) this.#picture.dataset.state = pictures.connected ? "waiting" : "missing";
    else delete this.#picture.dataset.state;
    const before = this.#tile;
    this.#tile = tile;
    if (before && before.set === tile.set && before.index === tile.index && before.caption === tile.caption) {
      if (before.frame === tile.frame) return;
    }
    this.#frame.dataset.frame = tile.frame ?? "none";
    this.#frame.dataset.image = `${tile.set} ${tile.index}`;
    const set = tile.set === "test" ? "test image" : "training image";
    const called = tile.name === undefined ? "" : `${tile.name} · `;
    this.#frame.title = `${set} ${tile.index}${tile.frame ? ` (${tile.frame})` : ""}: ${called}${tile.caption}`;
    this.#caption.replaceChildren(...tile.caption.split(" · ").map((part) => element("span", {}, part)));
  }

  #show(picture: Picture | "none" | undefined): void {
    this.#shown = picture;
    const { style } = this.#picture;
    style.backgroundImage = "";
    setText(this.#picture, picture === "none" ? "unreadable" : "");
    if (!picture || picture === "none") {
      style.width = style.height = `${side}px`;
      return;
    }
    const largest = Math.max(picture.width, picture.height);
    const factor = largest <= 40 ? Math.max(1, Math.round(side / largest)) : side / largest;
    const pixels = (length: number) => `${length * factor}px`;
    style.width = pixels(picture.width);
    style.height = pixels(picture.height);
    style.backgroundImage = `url("${picture.url}")`;
    style.backgroundSize = `${pixels(picture.sheet.width)} ${pixels(picture.sheet.height)}`;
    style.backgroundPosition = `${pixels(-picture.left)} ${pixels(-picture.top)}`;
    style.imageRendering = largest <= 40 ? "pixelated" : "auto";
  }
}
