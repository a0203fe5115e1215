import { explorerModule, plotlyScript } from "../core/browser-files.js";
import type { KernelBridge, KernelComm } from "../core/kernel-bridge.js";
import type { ExplorerData, Settings } from "./explorer-model.js";
import { pack } from "./packed.js";
import type { Param } from "./param.js";
import type { ImagePlace, Thumbnails } from "./thumbnails.js";

/** What a live explorer is made of. */
export interface LiveParts {
  /** Tells the explorer from the others. */
  readonly id: string;
  /** What it knows. */
  readonly data: ExplorerData;
  /** The Param behind each setting. */
  readonly params: ReadonlyMap<string, Param<number | string>>;
  /** Makes the pictures. */
  readonly thumbnails: Thumbnails;
  /** @returns valid settings: those of the Params, moved into the explorer's own ranges */
  readonly settings: () => Settings;
  /** Called when a setting has changed, whoever changed it. */
  readonly onMoved: () => void;
}

/** Values that a page has set and shows already, by Param. */
const shownByPage = new Map<Param<number | string>, number | string>();

const holdMs = 60_000;

/** The kernel's end of an explorer in a page: a widget of anywidget whose page side is the explorers' browser module. */
export class LiveExplorer {
  readonly #parts: LiveParts;
  readonly #comm: KernelComm;
  readonly #ends: (() => void)[] = [];
  #sending = false;
  #heldUntil = 0;

  /**
   * @param bridge - the kernel
   * @param parts - what is shown
   */
  constructor(bridge: KernelBridge, parts: LiveParts) {
    this.#parts = parts;
    const { state, buffers, paths } = this.#state();
    this.#comm = bridge.openComm(
      "jupyter.widget",
      { state, buffer_paths: paths },
      { version: "2.1.0" },
      buffers,
    );
    this.#comm.onMessage = (data) => this.#receive(data as Received);
    this.#comm.onClose = () => this.#forget();
    for (const param of parts.params.values()) {
      this.#ends.push(param.onChange((value) => this.#changed(param, value)));
    }
  }

  /** Identifier of the widget in the page. */
  get modelId(): string {
    return this.#comm.id;
  }

  /** Whether someone holds a control now, so that the page should better not be disturbed. */
  get held(): boolean {
    return Date.now() < this.#heldUntil;
  }

  /** Ends the connection; the page goes on without the kernel. */
  close(): void {
    this.#forget();
    this.#comm.close();
  }

  #forget(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  #state(): { state: Record<string, unknown>; buffers: Uint8Array[]; paths: (string | number)[][] } {
    const { id, data, params, thumbnails } = this.#parts;
    const { tree, buffers } = pack(data);
    const side = { module: "anywidget", version: "~0.11.*" };
    const state = {
      _model_module: side.module,
      _model_name: "AnyModel",
      _model_module_version: side.version,
      _view_module: side.module,
      _view_name: "AnyView",
      _view_module_version: side.version,
      _view_count: null,
      _anywidget_id: "dn2.Explorer",
      _esm: explorerModule(),
      explorer: {
        id,
        data: tree,
        params: Object.fromEntries(Array.from(params, ([name, param]) => [name, param.id])),
        pictures: thumbnails.any,
      },
      settings: this.#parts.settings(),
      buffers: buffers.map(() => null),
    };
    return { state, buffers, paths: buffers.map((_, i) => ["buffers", i]) };
  }

  #receive(message: Received): void {
    if (message.method === "request_state") {
      const { state, buffers, paths } = this.#state();
      this.#comm.send({ method: "update", state, buffer_paths: paths }, buffers);
    } else if (message.method === "custom") {
      void this.#answer(message.content ?? {});
    }
  }

  #moved(settings: Settings): void {
    const failures: unknown[] = [];
    for (const [name, value] of Object.entries(settings)) {
      const param = this.#parts.params.get(name);
      if (!param || typeof value !== typeof param.value) continue;
      shownByPage.set(param, value);
      try {
        param.set(value);
      } catch (error) {
        failures.push(error);
      } finally {
        shownByPage.delete(param);
      }
    }
    this.#comm.send({ method: "custom", content: { type: "moved" } });
    if (failures.length > 0) throw failures[0];
  }

  #changed(param: Param<number | string>, value: number | string): void {
    this.#parts.onMoved();
    if (shownByPage.get(param) === value || this.#sending) return;
    this.#sending = true;
    setImmediate(() => {
      this.#sending = false;
      if (this.#ends.length === 0) return;
      this.#comm.send({ method: "update", state: { settings: this.#parts.settings() }, buffer_paths: [] });
    });
  }

  async #answer(asked: Asked): Promise<void> {
    if (asked.type === "moved") {
      this.#moved(asked.settings ?? {});
    } else if (asked.type === "hold") {
      this.#heldUntil = asked.on ? Date.now() + holdMs : 0;
    } else if (asked.type === "plotly") {
      this.#comm.send({ method: "custom", content: { type: "plotly" } }, [plotlyScript()]);
    } else if (asked.type === "thumbnails" && Array.isArray(asked.places)) {
      const sheet = await this.#parts.thumbnails.sheet(asked.places);
      if (!sheet) return;
      const { jpeg, ...content } = sheet;
      this.#comm.send({ method: "custom", content: { type: "thumbnails", ...content } }, [jpeg]);
    }
  }
}

interface Received {
  readonly method?: string;
  readonly content?: Asked;
}

interface Asked {
  readonly type?: string;
  readonly settings?: Settings;
  readonly places?: readonly ImagePlace[];
  readonly on?: boolean;
}
