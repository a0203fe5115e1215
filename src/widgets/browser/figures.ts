import type { Control, FigureSpec } from "../explorer-model.js";
import { fitValue } from "../settings.js";
import { colorsFor, type Look } from "./colors.js";
import type { ControlActions } from "./controls.js";
import { element, ownKeys } from "./dom.js";
import { type Axis, MarkView } from "./mark.js";
import type { Plotly } from "./plotly.js";

interface Graph extends HTMLElement {
  readonly _fullLayout?: {
    readonly xaxis: Axis;
    readonly yaxis: Axis;
    readonly _size: { readonly t: number; readonly h: number };
  };
}

const config = {
  displaylogo: false,
  displayModeBar: false,
  doubleClick: "reset",
  responsive: false,
};

/** A figure in the page, with its draggable line. */
export class FigureView {
  /** Holds the figure. */
  readonly root: HTMLElement;
  readonly #graph: Graph;
  readonly #line: HTMLElement;
  readonly #mark = new MarkView();
  readonly #controls: readonly Control[];
  readonly #actions: ControlActions;
  #spec: FigureSpec | undefined;
  #drawn = "";

  /**
   * @param controls - controls of the explorer, one of which a line may move
   * @param actions - what the line does
   */
  constructor(controls: readonly Control[], actions: ControlActions) {
    this.#controls = controls;
    this.#actions = actions;
    this.#graph = element("div", { class: "dn2x-graph", role: "img" });
    this.#line = element("div", {
      class: "dn2x-line",
      role: "slider",
      tabindex: "0",
      hidden: "",
      ...ownKeys,
    });
    this.root = element("div", { class: "dn2x-figure" }, this.#graph, this.#mark.root, this.#line);
    this.#listen();
  }

  /**
   * Draws the figure where it is another one than before.
   *
   * @param spec - the figure
   * @param plotly - draws it
   * @param room - width in pixels and surroundings
   */
  async update(spec: FigureSpec, plotly: Plotly, room: { width: number; look: Look }): Promise<void> {
    const { width, look } = room;
    this.#spec = spec;
    if (spec.alt !== this.#graph.getAttribute("aria-label")) this.#graph.setAttribute("aria-label", spec.alt);
    const text = colorsFor(JSON.stringify([spec.data, spec.layout]), look);
    const state = `${width} ${look.ink} ${text}`;
    if (state !== this.#drawn) {
      this.#drawn = state;
      const [data, layout] = JSON.parse(text);
      const font = { ...layout.font, color: look.ink };
      const hoverlabel = {
        ...layout.hoverlabel,
        bgcolor: look.dark ? "#2B2B2B" : "#FFFFFF",
        bordercolor: "#8C8C8C",
      };
      hoverlabel.font = { ...hoverlabel.font, color: look.ink };
      await plotly.react(this.#graph, data, { ...layout, width, font, hoverlabel }, config);
    }
    this.#placeLine();
    const full = this.#graph._fullLayout;
    this.#mark.update(this.#spec.mark, full && { x: full.xaxis, y: full.yaxis }, look);
  }

  /** @param plotly - drew the figure and forgets it */
  dispose(plotly: Plotly | undefined): void {
    plotly?.purge(this.#graph);
  }

  #control(): Control | undefined {
    return this.#controls.find(({ name }) => name === this.#spec?.drag?.setting);
  }

  #placeLine(): void {
    const drag = this.#spec?.drag;
    const full = this.#graph._fullLayout;
    const control = this.#control();
    this.#line.hidden = !drag || !full || !control;
    if (!drag || !full || !control) return;
    const { xaxis, _size } = full;
    const [low, high] = [xaxis.p2d(0), xaxis.p2d(xaxis._length)];
    this.#line.style.left = `${xaxis._offset + xaxis.d2p(drag.x)}px`;
    this.#line.style.top = `${_size.t}px`;
    this.#line.style.height = `${_size.h}px`;
    const set = (name: string, value: string) => this.#line.setAttribute(name, value);
    set("aria-label", `${control.label}: line in the figure`);
    set("aria-valuemin", String(low));
    set("aria-valuemax", String(high));
    set("aria-valuenow", String(drag.x));
  }

  #listen(): void {
    const { hold } = this.#actions;
    const line = this.#line;
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      line.setPointerCapture(event.pointerId);
      line.focus();
      hold(true);
    });
    line.addEventListener("pointermove", (event) => {
      if (line.hasPointerCapture(event.pointerId))
        this.#moveTo(event.clientX - this.#graph.getBoundingClientRect().left);
    });
    for (const end of ["pointerup", "pointercancel"]) line.addEventListener(end, () => hold(false));
    line.addEventListener("keydown", (event) => {
      const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!direction) return;
      event.preventDefault();
      event.stopPropagation();
      this.#stepBy(direction);
    });
  }

  #moveTo(pixel: number): void {
    const value = this.#valueAt(pixel);
    if (value !== undefined) this.#actions.move(this.#spec!.drag!.setting, value);
  }

  /** Moves the line by the shortest way that changes the setting. */
  #stepBy(direction: number): void {
    const full = this.#graph._fullLayout;
    if (!full || !this.#spec?.drag) return;
    const from = full.xaxis._offset + full.xaxis.d2p(this.#spec.drag.x);
    const before = this.#valueAt(from);
    for (let way = 1; way <= full.xaxis._length; way++) {
      const value = this.#valueAt(from + direction * way);
      if (value === before || value === undefined) continue;
      this.#actions.move(this.#spec.drag.setting, value);
      return;
    }
  }

  #valueAt(pixel: number): number | string | undefined {
    const { xaxis } = this.#graph._fullLayout ?? {};
    const drag = this.#spec?.drag;
    const control = this.#control();
    if (!xaxis || !drag || !control) return undefined;
    const inside = Math.min(xaxis._length, Math.max(0, pixel - xaxis._offset));
    const value = drag.value(xaxis.p2d(inside));
    return fitValue(control, value, value);
  }
}
