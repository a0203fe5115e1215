import type { Readout } from "../explorer-model.js";
import { element, setText } from "./dom.js";

const saidAfterMs = 700;

/** Numbers in words above the figures; screen readers hear them when they rest. */
export class ReadoutView {
  /** Holds the numbers. */
  readonly root = element("div", { class: "dn2x-readouts" });
  /** What screen readers hear. */
  readonly said = element("div", { class: "dn2x-said", role: "status", "aria-live": "polite" });
  readonly #parts: { name: HTMLElement; number: HTMLElement; detail: HTMLElement; root: HTMLElement }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param readouts - what to show */
  update(readouts: readonly Readout[]): void {
    while (this.#parts.length < readouts.length) {
      const name = element("div", { class: "dn2x-name" });
      const number = element("div", { class: "dn2x-number" });
      const detail = element("div", { class: "dn2x-detail" });
      const root = element("div", { class: "dn2x-readout" }, name, number, detail);
      this.#parts.push({ name, number, detail, root });
      this.root.append(root);
    }
    while (this.#parts.length > readouts.length) this.#parts.pop()!.root.remove();
    readouts.forEach(({ label, value, detail = "" }, i) => {
      const part = this.#parts[i];
      part.root.dataset.readout = label;
      setText(part.name, label);
      setText(part.number, value);
      setText(part.detail, detail);
    });
    clearTimeout(this.#timer);
    const text = readouts
      .map(({ label, value, detail }) => `${label} ${value} ${detail ?? ""}`.trim())
      .join("; ");
    this.#timer = setTimeout(() => setText(this.said, text), saidAfterMs);
  }

  /** Ends what was planned. */
  dispose(): void {
    clearTimeout(this.#timer);
  }
}
