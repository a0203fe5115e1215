import { type Displayable, jupyterDisplay } from "./display.js";
import { kernelBridge } from "./kernel-bridge.js";

const restMs = 1000;

/** A value that is shown below the running cell of a notebook while it changes; elsewhere it is not shown. */
export class LiveDisplay {
  #id: string | undefined;
  #shown = Number.NEGATIVE_INFINITY;

  /** @param value - shows itself as it is when asked */
  constructor(readonly value: Displayable) {}

  /** Shows the value as it is now, in place of what was shown of it. */
  async show(): Promise<void> {
    const bridge = kernelBridge();
    if (!bridge) return;
    const bundle = await this.value[jupyterDisplay]();
    if (!bundle) return;
    if (this.#id === undefined) {
      this.#id = crypto.randomUUID();
      bridge.display(bundle, { displayId: this.#id });
    } else bridge.update(this.#id, bundle);
    this.#shown = performance.now();
  }

  /** Shows the value as it is now, unless that was done in the last second. */
  async update(): Promise<void> {
    if (performance.now() - this.#shown > restMs) await this.show();
  }
}
