import type { ExplorerModel, ExplorerView, Settings, Tile } from "../explorer-model.js";
import { fitSettings } from "../settings.js";
import { type Look, lookOf, onLookChange } from "./colors.js";
import { type ControlPanel, controlPanel } from "./controls.js";
import { element, setText } from "./dom.js";
import { FigureView } from "./figures.js";
import { GalleryView } from "./gallery.js";
import type { Pictures } from "./pictures.js";
import type { Plotly } from "./plotly.js";
import { ReadoutView } from "./readouts.js";
import type { SharedParams } from "./shared-params.js";
import { addStyle } from "./style.js";

/** What an explorer in a page is made of. */
export interface PageExplorerParts {
  /** Tells it from the others. */
  readonly id: string;
  /** What it computes. */
  readonly model: ExplorerModel;
  /** Values of settings that no Param has yet. */
  readonly settings: Settings;
  /** By setting, the identifier of the Param behind it. */
  readonly params: Readonly<Record<string, string>>;
  /** Values of Params. */
  readonly shared: SharedParams;
  /** Small pictures of images. */
  readonly pictures: Pictures;
  /** Loads plotly.js. */
  readonly plotly: () => Promise<Plotly>;
  /** Sentences below the numbers, beside those of the model. */
  readonly notes?: readonly string[];
  /** Called when a control was moved here. */
  readonly onMove?: (name: string, value: number | string) => void;
  /** Called when a control is held, and when it is let go. */
  readonly onHold?: (on: boolean) => void;
}

const smallestFigure = 300;

/** An explorer in a page: every move is answered here, by the model, in the next frame. */
export class PageExplorer {
  /** Holds everything. */
  readonly root: HTMLElement;
  readonly #frameElement: HTMLElement;
  #parts: PageExplorerParts;
  readonly #local: Record<string, number | string> = {};
  readonly #ends: (() => void)[] = [];
  readonly #title = element("h3", { class: "dn2x-title" });
  readonly #readouts = new ReadoutView();
  readonly #notes = element("ul", { class: "dn2x-notes" });
  readonly #figureRow = element("div", { class: "dn2x-figures" });
  readonly #galleryRows = element("div", { class: "dn2x-galleries" });
  readonly #explanation = element("section", {
    class: "dn2x-explain",
    hidden: "",
    "aria-label": "Explanation",
  });
  #controls!: ControlPanel;
  #figures: FigureView[] = [];
  #galleries: GalleryView[] = [];
  #explained: PageExplorer | undefined;
  #plotly: Plotly | undefined;
  #look: Look = { dark: false, ink: "" };
  #widths: number[] = [];
  #frame = 0;
  #draws = 0;

  /**
   * @param parts - what it is made of
   * @param place - receives the explorer
   */
  constructor(parts: PageExplorerParts, place: HTMLElement) {
    this.#parts = parts;
    this.root = element("div", { class: "dn2x", "data-explorer": parts.id });
    this.#frameElement = element("div", { class: "dn2x-width" }, this.root);
    place.append(this.#frameElement);
    addStyle(place);
    this.#build();
    const sizes = new ResizeObserver(() => this.#measure());
    sizes.observe(this.#figureRow);
    this.#ends.push(
      () => sizes.disconnect(),
      onLookChange(() => this.#observeLook()),
      parts.pictures.listen(() => this.#schedule()),
    );
    this.#observeLook();
    void this.#loadPlotly();
  }

  /** Values of all controls. */
  get settings(): Settings {
    const { model, params, shared, settings } = this.#parts;
    const wanted = Object.keys(model.defaults).map((name) => {
      const value = this.#local[name] ?? (params[name] !== undefined ? shared.get(params[name]) : undefined);
      return [name, value ?? settings[name] ?? model.defaults[name]];
    });
    return fitSettings(model, Object.fromEntries(wanted));
  }

  /**
   * Goes on with other parts, for example when a kernel has come that knows more.
   *
   * @param parts - what changes
   */
  replace(parts: Partial<PageExplorerParts>): void {
    this.#parts = { ...this.#parts, ...parts };
    if (parts.pictures) this.#ends.push(parts.pictures.listen(() => this.#schedule()));
    this.#closeExplanation();
    this.#build();
    void this.#loadPlotly();
  }

  /** Takes it out of the page. */
  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#ends.splice(0)) end();
    this.#closeExplanation();
    this.#readouts.dispose();
    this.#parts.pictures.want(this, []);
    for (const figure of this.#figures) figure.dispose(this.#plotly);
    this.#frameElement.remove();
  }

  #build(): void {
    const { model, params, shared } = this.#parts;
    for (const figure of this.#figures) figure.dispose(this.#plotly);
    this.#figures = [];
    this.#galleries = [];
    this.#widths = [];
    this.#figureRow.replaceChildren();
    this.#galleryRows.replaceChildren();
    setText(this.#title, model.title);
    this.#controls = controlPanel(model.controls, this.#actions);
    this.root.replaceChildren(
      ...[this.#title, this.#controls.root, this.#readouts.root, this.#notes, this.#figureRow],
      ...[this.#galleryRows, this.#readouts.said],
    );
    for (const name of Object.keys(model.defaults)) {
      if (params[name] !== undefined) this.#ends.push(shared.listen(params[name], () => this.#schedule()));
    }
    this.#schedule();
  }

  readonly #actions = {
    move: (name: string, value: number | string): void => {
      const { params, shared, onMove } = this.#parts;
      if (params[name] !== undefined) shared.set(params[name], value);
      else this.#local[name] = value;
      this.#schedule();
      onMove?.(name, value);
    },
    hold: (on: boolean): void => this.#parts.onHold?.(on),
  };

  #schedule(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      void this.#draw();
    });
  }

  async #draw(): Promise<void> {
    const { settings } = this;
    let view: ExplorerView;
    try {
      view = this.#parts.model.view(settings);
    } catch (error) {
      this.#showNotes([
        `This explorer cannot be shown: ${error instanceof Error ? error.message : String(error)}`,
      ]);
      return;
    }
    // Figures first: they measure the page, which would have to be laid out again after every other change.
    const drawn = this.#showFigures(view);
    this.#controls.update(settings);
    this.#readouts.update(view.readouts);
    this.#showNotes([...view.notes, ...(this.#parts.notes ?? [])]);
    this.#showGalleries(view);
    await drawn;
    this.root.dataset.drawn = String(++this.#draws);
    this.root.dispatchEvent(new CustomEvent("dn2-drawn", { bubbles: true, detail: settings }));
  }

  async #showFigures({ figures }: ExplorerView): Promise<void> {
    while (this.#figures.length < figures.length) {
      const figure = new FigureView(this.#parts.model.controls, this.#actions);
      this.#figures.push(figure);
      this.#figureRow.append(figure.root);
      figure.root.dataset.figure = figures[this.#figures.length - 1].name;
      figure.root.style.minHeight = `${(figures[this.#figures.length - 1].layout as { height?: number }).height ?? 290}px`;
    }
    if (this.#widths.length < figures.length) this.#widths = this.#measured();
    const plotly = this.#plotly;
    if (!plotly || this.#widths.includes(0)) return;
    const drawn = figures.map((spec, i) =>
      this.#figures[i].update(spec, plotly, { width: this.#widths[i], look: this.#look }),
    );
    await Promise.all(drawn);
  }

  #showGalleries({ galleries }: ExplorerView): void {
    const { pictures, model } = this.#parts;
    const open = model.explain ? (tile: Tile, row: HTMLElement) => this.#explain(tile, row) : undefined;
    while (this.#galleries.length < galleries.length) {
      const gallery = new GalleryView(pictures, open);
      this.#galleries.push(gallery);
      this.#galleryRows.append(gallery.root);
    }
    galleries.forEach((gallery, i) => void this.#galleries[i].update(gallery));
    pictures.want(
      this,
      galleries.flatMap(({ tiles }) => tiles),
    );
  }

  #showNotes(notes: readonly string[]): void {
    if ([...this.#notes.children].map((item) => item.textContent).join("\n") === notes.join("\n")) return;
    this.#notes.replaceChildren(...notes.map((note) => element("li", {}, note)));
  }

  #explain(tile: Tile, row: HTMLElement): void {
    const { settings } = this;
    const model = this.#parts.model.explain?.(tile, settings);
    if (!model) return;
    this.#closeExplanation();
    const close = element("button", { type: "button", class: "dn2x-close" }, "Close");
    close.addEventListener("click", () => this.#closeExplanation());
    this.#explanation.append(close);
    row.after(this.#explanation);
    this.#explanation.hidden = false;
    this.#explained = new PageExplorer(
      {
        ...this.#parts,
        id: `${this.#parts.id}/${tile.set}-${tile.index}`,
        model,
        settings: { ...model.defaults, ...settings },
        notes: [],
        onMove: (name, value) => {
          if (name in this.#parts.model.defaults) this.#parts.onMove?.(name, value);
        },
      },
      this.#explanation,
    );
    this.#explanation.scrollIntoView({ block: "nearest" });
    close.focus({ preventScroll: true });
  }

  #closeExplanation(): void {
    this.#explained?.dispose();
    this.#explained = undefined;
    this.#explanation.hidden = true;
    this.#explanation.replaceChildren();
  }

  async #loadPlotly(): Promise<void> {
    try {
      this.#plotly = await this.#parts.plotly();
      this.#schedule();
    } catch (error) {
      this.#figureRow.replaceChildren(element("p", { class: "dn2x-problem" }, String(error)));
    }
  }

  #measure(): void {
    const widths = this.#measured();
    if (widths.join() === this.#widths.join()) return;
    this.#widths = widths;
    this.#schedule();
  }

  #measured(): number[] {
    return this.#figures.map(({ root }) =>
      root.clientWidth > 0 ? Math.max(smallestFigure, root.clientWidth) : 0,
    );
  }

  #observeLook(): void {
    this.#look = lookOf(this.root);
    this.root.dataset.dark = String(this.#look.dark);
    this.#schedule();
  }
}
