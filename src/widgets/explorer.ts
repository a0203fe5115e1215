import { randomUUID } from "node:crypto";
import { Displayable, jupyterDisplay, type MimeBundle } from "../core/display.js";
import { type KernelBridge, kernelBridge } from "../core/kernel-bridge.js";
import { checkOptions } from "../core/options.js";
import { Figure } from "../plots/figure.js";
import { plainLine } from "../plots/label.js";
import { notebookPng } from "../plots/static/notebook-png.js";
import { rasterize } from "../plots/static/raster.js";
import type { Control, ExplorerData, ExplorerModel, ExplorerView, Settings } from "./explorer-model.js";
import { LiveExplorer } from "./live-explorer.js";
import { openExplorers } from "./open-explorers.js";
import { Param } from "./param.js";
import { explorerSvg } from "./picture.js";
import { explorerMime } from "./saved-explorer.js";
import { SavedForm } from "./saved-form.js";
import { fitSettings } from "./settings.js";
import { type ExplorerImages, Thumbnails } from "./thumbnails.js";

/** A value for a control: fixed at the start, or a Param that other explorers share. */
export type ParamInput<T = number> = T | Param<T> | (T extends string ? Param<string> : never);

/** What an explorer is made of. */
export interface ExplorerParts {
  /** What it knows. */
  readonly data: ExplorerData;
  /** What it computes. */
  readonly model: ExplorerModel;
  /** The images it shows. */
  readonly images: ExplorerImages;
  /** Values of settings at the start, or Params, by name; undefined is the model's default. */
  readonly start: Readonly<Record<string, unknown>>;
}

const settleMs = 1200;

/**
 * Figures with controls. As a cell's last line it shows itself and can be moved; code in cells reads where it stands. In
 * a saved or shared notebook it still moves; where no programs run, its picture is shown.
 */
export class Explorer extends Displayable {
  /** Heading. */
  readonly title: string;
  readonly #id = randomUUID();
  readonly #parts: ExplorerParts;
  readonly #params: ReadonlyMap<string, Param<number | string>>;
  readonly #thumbnails: Thumbnails;
  readonly #saved: SavedForm;
  readonly #displays = new Set<string>();
  #live: LiveExplorer | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param parts - data, model, images and values at the start
   * @throws RangeError when a value at the start is out of range
   */
  constructor(parts: ExplorerParts) {
    super();
    const { data, model, images, start } = parts;
    this.title = model.title;
    this.#parts = parts;
    this.#params = new Map(
      Object.entries(model.defaults).map(([name, otherwise]) => [
        name,
        paramFor(
          name,
          start[name] ?? otherwise,
          model.controls.find((control) => control.name === name),
        ),
      ]),
    );
    this.#thumbnails = new Thumbnails(images);
    const params = Object.fromEntries(Array.from(this.#params, ([name, param]) => [name, param.id]));
    this.#saved = new SavedForm({ id: this.#id, data, model, params, thumbnails: this.#thumbnails });
  }

  /** Values of all controls now. */
  get settings(): Settings {
    const wanted = Object.fromEntries(Array.from(this.#params, ([name, { value }]) => [name, value]));
    return fitSettings(this.#parts.model, wanted);
  }

  /** What is shown now: numbers in words, figures as plotly specifications, galleries. */
  get view(): ExplorerView {
    return this.#parts.model.view(this.settings);
  }

  /** The figures as they are shown now. */
  get figures(): Figure[] {
    return this.view.figures.map(({ data, layout, alt }) => new Figure(data, layout, alt));
  }

  /**
   * @param name - name of a control
   * @returns the value behind it, to read, to set, to listen to, or to give to another explorer
   * @throws RangeError listing the names when there is no such control
   */
  param(name: string): Param<number | string> {
    const param = this.#params.get(name);
    if (!param) {
      throw new RangeError(`unknown control: ${name}; choose from ${[...this.#params.keys()].join(", ")}`);
    }
    return param;
  }

  /**
   * Draws what is shown now as one picture, without a browser.
   *
   * @param options - `scale`: pixels for each layout pixel, above 0 up to 4, default 2
   * @returns the bytes of a PNG file
   */
  async png(options: { scale?: number } = {}): Promise<Uint8Array> {
    checkOptions("png", options, ["scale"]);
    const { scale = 2 } = options;
    if (!(scale > 0 && scale <= 4)) throw new RangeError(`scale must be above 0 and at most 4; got ${scale}`);
    return rasterize(await this.#svg(), scale, 256);
  }

  /** Ends the connection with the page, which goes on without the kernel; to show the explorer again opens a new one. */
  close(): void {
    openExplorers.remove(this);
    clearTimeout(this.#timer);
    this.#live?.close();
    this.#live = undefined;
    this.#displays.clear();
  }

  /** @returns nothing in the notebook kernel, where it shows itself; else its picture and a line of text */
  override async [jupyterDisplay](): Promise<MimeBundle | undefined> {
    const bridge = kernelBridge();
    if (!bridge) return this.#picture();
    const displayId = randomUUID();
    if (bridge.interactive === false) {
      bridge.display({ ...(await this.#moving()), ...(await this.#picture()) }, { displayId });
      return undefined;
    }
    openExplorers.add(this, bridge);
    this.#live ??= new LiveExplorer(bridge, {
      id: this.#id,
      data: this.#parts.data,
      params: this.#params,
      thumbnails: this.#thumbnails,
      settings: () => this.settings,
      onMoved: () => this.#settleLater(bridge),
    });
    this.#displays.add(displayId);
    bridge.display(await this.#moving(), { displayId });
    bridge.update(displayId, { ...(await this.#moving()), ...(await this.#picture()) });
    return undefined;
  }

  toString(): string {
    const { controls } = this.#parts.model;
    const { settings, view } = this;
    const values = controls.map(({ name }) => `${name} = ${settings[name]}`).join(", ");
    const first = view.readouts.map(({ label, value }) => `${label} ${value}`).join(", ");
    return plainLine(`Explorer: ${this.title}; ${values}; ${first}`);
  }

  #svg(): Promise<string> {
    return explorerSvg(this.#parts.model, this.settings, this.#thumbnails);
  }

  async #picture(): Promise<MimeBundle> {
    const png = await notebookPng(await this.#svg(), 128);
    return { "image/png": Buffer.from(png).toString("base64"), "text/plain": this.toString() };
  }

  async #moving(): Promise<MimeBundle> {
    return {
      ...(this.#live && {
        "application/vnd.jupyter.widget-view+json": {
          version_major: 2,
          version_minor: 0,
          model_id: this.#live.modelId,
        },
      }),
      [explorerMime]: await this.#saved.at(this.settings),
      "text/plain": this.toString(),
    };
  }

  #settleLater(bridge: KernelBridge): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#live?.held) this.#settleLater(bridge);
      else void this.#settle(bridge).catch(() => {});
    }, settleMs);
    this.#timer.unref();
  }

  /** Brings the notebook file to the state that is shown, once the controls rest. */
  async #settle(bridge: KernelBridge): Promise<void> {
    const timer = this.#timer;
    const bundle = { ...(await this.#moving()), ...(await this.#picture()) };
    if (timer !== this.#timer) return;
    for (const displayId of this.#displays) bridge.update(displayId, bundle);
  }
}

function paramFor(name: string, given: unknown, control: Control | undefined): Param<number | string> {
  if (given instanceof Param) return given as Param<number | string>;
  const start = given as number | string;
  if (control?.type === "choice") {
    const choices = control.options.map(({ value }) => value);
    return new Param<number | string>(name, start, { choices });
  }
  if (!control) return new Param<number | string>(name, start);
  const integer = Number.isInteger(control.min) && Number.isInteger(control.step);
  return new Param<number | string>(name, start, { min: control.min, max: control.max, integer });
}
