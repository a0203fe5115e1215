import { darkFigureStyle, photosFilter } from "../../core/dark-figures.js";
import type { SavedExplorer } from "../saved-explorer.js";
import { livePage } from "./live.js";
import { PageExplorer } from "./page-explorer.js";
import { loadPlotly } from "./plotly.js";
import { mountText, savedParts } from "./saved.js";

const mime = "application/vnd.dn2.explorer+json";
/** Before the renderer of widgets, which shows an error where no kernel stands behind an explorer. */
const rank = -20;

interface MimeModel {
  readonly data: Readonly<Record<string, unknown>>;
}

interface LuminoWidget {
  readonly node: HTMLElement;
  dispose(): void;
}

interface Lumino {
  readonly Widget: new () => LuminoWidget;
}

type Shared = Record<string, Record<string, { get(): Promise<() => unknown> }>>;

const script = document.currentScript as HTMLScriptElement | null;
const plotlyFile = new URL("plotly.min.js", script?.src ?? document.baseURI).href;
let shared: Shared = {};

/** Shows an explorer, live where a kernel stands behind it, else as it was saved. */
class Shown {
  readonly #place: HTMLElement;
  readonly #saved: SavedExplorer;
  readonly #listener = (id: string): void => {
    if (id === this.#saved.id) this.#follow();
  };
  #explorer: PageExplorer | undefined;
  #text: { dispose(): void } | undefined;
  #live = false;

  constructor(saved: SavedExplorer, place: HTMLElement) {
    this.#saved = saved;
    this.#place = place;
    livePage().listeners.add(this.#listener);
    this.#follow();
  }

  get id(): string {
    return this.#saved.id;
  }

  dispose(): void {
    livePage().listeners.delete(this.#listener);
    this.#explorer?.dispose();
    this.#text?.dispose();
  }

  #follow(): void {
    const page = livePage();
    const connection = page.live.get(this.#saved.id);
    if (!connection && this.#explorer) {
      this.#live = false;
      return;
    }
    const parts = connection?.parts ?? savedParts(this.#saved, { plotly: loadFile, params: page.shared });
    this.#text?.dispose();
    this.#text = undefined;
    if (typeof parts === "string") this.#text = mountText(this.#place, parts);
    else if (this.#explorer && !this.#live) this.#explorer.replace({ notes: [], ...parts });
    else this.#explorer ??= new PageExplorer(parts, this.#place);
    if (!connection && typeof parts !== "string") parts.pictures.end();
    this.#live = connection !== undefined;
  }
}

const loadFile = () => loadPlotly(async () => ({ url: plotlyFile }));

function createRenderer({ Widget }: Lumino): LuminoWidget {
  livePage().plotlyFile = plotlyFile;
  class ExplorerRenderer extends Widget {
    #shown: Shown | undefined;

    async renderModel(model: MimeModel): Promise<void> {
      const saved = model.data[mime] as SavedExplorer;
      if (this.#shown?.id === saved.id) return;
      this.#shown?.dispose();
      this.#shown = new Shown(saved, this.node);
    }

    override dispose(): void {
      this.#shown?.dispose();
      this.#shown = undefined;
      super.dispose();
    }
  }
  return new ExplorerRenderer();
}

/** Figures are drawn by JupyterLab's own renderer of plotly, which knows nothing of themes. */
function styleFigures(): void {
  const style = document.createElement("style");
  style.textContent = darkFigureStyle('body[data-jp-theme-light="false"]');
  document.head.append(style);
  document.body.append(new DOMParser().parseFromString(photosFilter, "image/svg+xml").documentElement);
}

async function extension(): Promise<() => unknown> {
  styleFigures();
  const versions = Object.values(shared["@lumino/widgets"] ?? {});
  const lumino = (await versions[0].get())() as Lumino;
  const factory = { safe: true, mimeTypes: [mime], createRenderer: () => createRenderer(lumino) };
  const plugin = { id: "dn2:explorer", rendererFactory: factory, rank, dataType: "json" };
  return () => ({ __esModule: true, default: plugin });
}

const page = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
page._JUPYTERLAB = {
  ...page._JUPYTERLAB,
  dn2: {
    init(scope: Shared): void {
      shared = scope;
    },
    get: (name: string): Promise<() => unknown> =>
      name === "./mimeExtension" ? extension() : Promise.resolve(() => ({})),
  },
};
