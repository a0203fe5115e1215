import type { MimeBundle } from "../../src/core/display.js";
import type { KernelBridge, KernelComm } from "../../src/core/kernel-bridge.js";

/** A message that code sent to the page. */
export interface Sent {
  readonly data: any;
  readonly buffers: readonly Uint8Array[];
}

/** An open channel of a fake kernel. */
export interface FakeComm {
  readonly comm: KernelComm;
  readonly opened: any;
  readonly sent: Sent[];
  closed: boolean;
}

const key = Symbol.for("dn2.kernel");

/** A kernel that keeps what it is told. */
export class FakeKernel {
  readonly comms: FakeComm[] = [];
  readonly shown: { displayId: string; bundle: MimeBundle }[] = [];
  readonly updated: { displayId: string; bundle: MimeBundle }[] = [];
  interactive = true;
  cell = { id: "a" as string | undefined, run: 1 };

  /** Makes it the kernel of this process. */
  install(): void {
    const kernel = this;
    const bridge: KernelBridge = {
      display: (bundle, options) => void this.shown.push({ displayId: options?.displayId ?? "", bundle }),
      update: (displayId, bundle) => void this.updated.push({ displayId, bundle }),
      clearOutput: () => {},
      openComm: (_target, opened, _metadata, buffers = []) => this.#open(opened, buffers),
      registerTarget: () => {},
      get interactive() {
        return kernel.interactive;
      },
      get cell() {
        return kernel.cell;
      },
      signal: new AbortController().signal,
    };
    (globalThis as Record<symbol, unknown>)[key] = bridge;
  }

  /** Takes it away again. */
  remove(): void {
    delete (globalThis as Record<symbol, unknown>)[key];
  }

  #open(opened: any, buffers: Uint8Array[]): KernelComm {
    const sent: Sent[] = [];
    const comm: KernelComm = {
      id: `comm-${this.comms.length}`,
      send: (data, more = []) => void sent.push({ data, buffers: more }),
      close: () => {
        made.closed = true;
      },
    };
    const made: FakeComm = { comm, opened: { ...opened, buffers }, sent, closed: false };
    this.comms.push(made);
    return comm;
  }
}
