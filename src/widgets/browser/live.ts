import type { ExplorerData, Settings } from "../explorer-model.js";
import { createModel } from "../models/create-model.js";
import { unpack } from "../packed.js";
import type { Sheet } from "../saved-explorer.js";
import { PageExplorer, type PageExplorerParts } from "./page-explorer.js";
import { Pictures } from "./pictures.js";
import { loadPlotly } from "./plotly.js";
import { createSharedParams, type SharedParams } from "./shared-params.js";

/** The part of anywidget's model that explorers use. */
export interface WidgetModel {
  get(name: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: (...values: never[]) => void): void;
  off(event: string, listener: (...values: never[]) => void): void;
}

/** The explorers of a page that a kernel stands behind. */
export interface LivePage {
  /** Values of Params, for all explorers of the page. */
  readonly shared: SharedParams;
  /** By explorer, how to show it. */
  readonly live: Map<string, LiveConnection>;
  /** Called when one comes or goes. */
  readonly listeners: Set<(id: string) => void>;
  /** Gives plotly.js without a kernel, where the page can. */
  plotlyFile?: string;
}

const key = Symbol.for("dn2.explorers");
const answerMs = 30_000;

/** @returns the explorers of this page; the same for all copies of this module */
export function livePage(): LivePage {
  const page = globalThis as Record<symbol, LivePage | undefined>;
  page[key] ??= { shared: createSharedParams(), live: new Map(), listeners: new Set() };
  return page[key];
}

/** The page's end of a live explorer. */
export class LiveConnection {
  /** What a view in the page is made of. */
  readonly parts: PageExplorerParts;
  readonly #model: WidgetModel;
  readonly #pending = new Map<string, number | string>();
  readonly #sent = new Map<string, number | string>();
  #sentAt = 0;
  #gotPlotly: ((script: BlobPart) => void) | undefined;

  /** @param model - the widget */
  constructor(model: WidgetModel) {
    this.#model = model;
    const {
      id,
      data,
      params,
      pictures: any,
    } = model.get("explorer") as {
      id: string;
      data: unknown;
      params: Record<string, string>;
      pictures: boolean;
    };
    const { shared } = livePage();
    const pictures = new Pictures();
    if (any) pictures.connect((places) => this.#send({ type: "thumbnails", places }));
    this.parts = {
      id,
      model: createModel(unpack(data, model.get("buffers") as ArrayBufferView[]) as ExplorerData),
      settings: model.get("settings") as Settings,
      params,
      shared,
      pictures,
      plotly: () => loadPlotly(() => this.#plotlyScript()),
      onMove: (name, value) => {
        this.#pending.set(name, value);
        this.#flush();
      },
      onHold: (on) => this.#send({ type: "hold", on }),
    };
    this.#follow();
    model.on("change:settings", this.#follow);
    model.on("msg:custom", this.#receive);
  }

  /** Ends the connection; what is shown goes on without the kernel. */
  close(): void {
    this.#model.off("change:settings", this.#follow);
    this.#model.off("msg:custom", this.#receive);
    this.parts.pictures.end();
  }

  readonly #follow = (): void => {
    const { params, shared } = this.parts;
    for (const [name, value] of Object.entries(this.#model.get("settings") as Settings)) {
      if (!this.#pending.has(name) && !this.#sent.has(name)) shared.set(params[name], value);
    }
  };

  readonly #receive = (
    content: { type?: string } & Sheet,
    buffers: readonly DataView<ArrayBuffer>[],
  ): void => {
    if (content.type === "thumbnails") {
      this.parts.pictures.add(content, buffers[0]);
    } else if (content.type === "plotly") {
      this.#gotPlotly?.(buffers[0]);
    } else if (content.type === "moved") {
      this.#sent.clear();
      this.#flush();
    }
  };

  /** One message at a time, with all that has changed since, so that a busy kernel is not flooded. */
  #flush(): void {
    const waiting = this.#sent.size > 0 && Date.now() - this.#sentAt < answerMs;
    if (waiting || this.#pending.size === 0) return;
    this.#sent.clear();
    for (const [name, value] of this.#pending) this.#sent.set(name, value);
    this.#pending.clear();
    this.#sentAt = Date.now();
    this.#send({ type: "moved", settings: Object.fromEntries(this.#sent) });
  }

  async #plotlyScript(): Promise<BlobPart | { url: string }> {
    const { plotlyFile } = livePage();
    if (plotlyFile !== undefined) return { url: plotlyFile };
    return new Promise((resolve) => {
      this.#gotPlotly = resolve;
      this.#send({ type: "plotly" });
    });
  }

  /** A kernel that is gone does not keep the explorer from moving. */
  #send(content: object): void {
    try {
      this.#model.send(content);
    } catch {
      this.parts.pictures.connect(undefined);
    }
  }
}

/**
 * Shows a live explorer.
 *
 * @param connection - the explorer
 * @param place - receives it
 * @returns the explorer in the page
 */
export function mountLive(connection: LiveConnection, place: HTMLElement): PageExplorer {
  return new PageExplorer(connection.parts, place);
}
