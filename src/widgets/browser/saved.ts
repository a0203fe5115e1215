import type { ExplorerData } from "../explorer-model.js";
import { createModel } from "../models/create-model.js";
import { unpack } from "../packed.js";
import type { SavedExplorer } from "../saved-explorer.js";
import { element } from "./dom.js";
import { PageExplorer, type PageExplorerParts } from "./page-explorer.js";
import { Pictures } from "./pictures.js";
import type { Plotly } from "./plotly.js";
import type { SharedParams } from "./shared-params.js";
import { addStyle } from "./style.js";

/** What a saved explorer needs of the page. */
export interface MountOptions {
  /** Loads plotly.js; called when the explorer is drawn first. */
  readonly plotly: () => Promise<unknown>;
  /** Values of Params, the same object for all explorers of the page. */
  readonly params: SharedParams;
}

/** An explorer in a page. */
export interface Mounted {
  /** Takes it out of the page. */
  dispose(): void;
}

/**
 * Shows a saved explorer, which needs no kernel.
 *
 * @param place - receives it
 * @param state - the explorer as it stands in the notebook file; read as data, whoever wrote it
 * @param options - what it needs of the page
 * @returns a way to take it out again
 */
export function mountSaved(place: HTMLElement, state: SavedExplorer, options: MountOptions): Mounted {
  const parts = savedParts(state, options);
  if (typeof parts === "string") return mountText(place, parts);
  const explorer = new PageExplorer(parts, place);
  parts.pictures.end();
  return explorer;
}

/**
 * @param state - the explorer as it stands in the notebook file
 * @param options - what it needs of the page
 * @returns what it is made of; a sentence where it cannot be shown
 */
export function savedParts(state: SavedExplorer, options: MountOptions): PageExplorerParts | string {
  if (state?.version !== 1) return "This explorer was saved by another version of dn2; run its cell again.";
  if (state.data === null) return [state.title, ...state.notes].join(" — ");
  const { id, params, settings, notes } = state;
  const pictures = new Pictures();
  try {
    const model = createModel(unpack(state.data) as ExplorerData);
    pictures.addSaved(state);
    for (const [name, param] of Object.entries(params)) {
      if (options.params.get(param) === undefined && settings[name] !== undefined) {
        options.params.set(param, settings[name]);
      }
    }
    const plotly = options.plotly as () => Promise<Plotly>;
    return { id, model, settings, params, shared: options.params, pictures, plotly, notes };
  } catch (error) {
    pictures.end();
    return `This explorer cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * @param place - receives the text
 * @param text - what to say
 * @returns a way to take it out again
 */
export function mountText(place: HTMLElement, text: string): Mounted {
  addStyle(place);
  const shown = element("p", { class: "dn2x" }, text);
  place.append(shown);
  return { dispose: () => shown.remove() };
}
