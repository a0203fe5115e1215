import type { FigureMark } from "../explorer-model.js";
import { colorsFor, type Look } from "./colors.js";
import { element, setText } from "./dom.js";

/** The part of a plotly axis that says where its values lie. */
export interface Axis {
  readonly _offset: number;
  readonly _length: number;
  d2p(value: number): number;
  p2d(pixel: number): number;
}

/** The mark of a figure, laid over it so that plotly need not draw the figure anew. */
export class MarkView {
  /** Holds line, points and text. */
  readonly root = element("div", { class: "dn2x-mark", hidden: "", "aria-hidden": "true" });
  readonly #text = element("span", { class: "dn2x-mark-text" });
  readonly #points: HTMLElement[] = [];

  constructor() {
    this.root.append(this.#text);
  }

  /**
   * @param mark - the mark; undefined hides it
   * @param axes - axes of the figure that was drawn
   * @param look - what surrounds it
   */
  update(mark: FigureMark | undefined, axes: { x: Axis; y: Axis } | undefined, look: Look): void {
    this.root.hidden = !mark || !axes;
    if (!mark || !axes) return;
    const { x, y } = axes;
    const at = x.d2p(mark.x);
    this.root.style.transform = `translate(${x._offset + at}px, ${y._offset}px)`;
    this.root.style.height = `${y._length}px`;
    this.root.dataset.side = at > x._length / 2 ? "left" : "right";
    setText(this.#text, mark.text);
    while (this.#points.length > mark.points.length) this.#points.pop()!.remove();
    mark.points.forEach((point, i) => {
      if (!this.#points[i]) {
        this.#points[i] = element("span", { class: "dn2x-mark-point" });
        this.root.append(this.#points[i]);
      }
      this.#points[i].style.transform = `translate(0, ${y.d2p(point.y)}px)`;
      this.#points[i].style.background = colorsFor(point.color, look);
    });
  }
}
