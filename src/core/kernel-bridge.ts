import type { MimeBundle } from "./display.js";

/** An open communication channel to the notebook's front end. */
export interface KernelComm {
  /** The channel's identifier; for widgets also the model's. */
  readonly id: string;
  /** Sends JSON data and binary buffers to the front end. */
  send(data: unknown, buffers?: Uint8Array[]): void;
  /** Closes the channel. */
  close(data?: unknown): void;
  /** Called with every message from the front end. */
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  /** Called when the front end closes the channel. */
  onClose?: (data: unknown) => void;
}

/** What the notebook kernel offers to code in cells; absent under plain Node. */
export interface KernelBridge {
  /** False where a notebook is run without a front end, so that nobody answers on channels. Default true. */
  readonly interactive?: boolean;
  /** Shows a bundle below the cell that is running; with a display id it can be updated later. */
  display(bundle: MimeBundle, options?: { displayId?: string; metadata?: Record<string, unknown> }): void;
  /** Replaces what was shown under a display id. */
  update(displayId: string, bundle: MimeBundle, metadata?: Record<string, unknown>): void;
  /** Clears the running cell's output; with `wait` only when the next output comes. */
  clearOutput(wait?: boolean): void;
  /** Opens a channel to the front end. */
  openComm(
    target: string,
    data: unknown,
    metadata?: Record<string, unknown>,
    buffers?: Uint8Array[],
  ): KernelComm;
  /** Registers a handler for channels that the front end opens. */
  registerTarget(
    target: string,
    handler: (comm: KernelComm, data: unknown, buffers: Uint8Array[]) => void,
  ): void;
  /** Asks the user for a line of text below the running cell; absent where nobody can be asked. */
  input?(prompt: string, password: boolean): Promise<string>;
  /** The cell that is running or ran last: its identifier in the notebook, where the front end tells it, and the run's number. */
  readonly cell?: { readonly id: string | undefined; readonly run: number };
  /** Aborted when the user interrupts the running cell; a fresh signal for each cell. */
  readonly signal: AbortSignal;
}

const bridgeKey = Symbol.for("dn2.kernel");

/** @returns the notebook kernel's bridge, or undefined outside the dn2 kernel */
export function kernelBridge(): KernelBridge | undefined {
  return (globalThis as Record<symbol, unknown>)[bridgeKey] as KernelBridge | undefined;
}
