import type { MimeBundle } from "../../src/core/display.js";
import type { Cell } from "../evaluator/cells.js";

/** Where the output of cells goes: to a front end, or into a notebook file. */
export interface Outputs {
  /** Whether a front end is there that answers on channels. */
  readonly interactive: boolean;
  /** Text that a cell wrote. */
  stream(cell: Cell, name: "stdout" | "stderr", text: string): void;
  /** A bundle to show; under a display id it can be updated later. */
  display(cell: Cell, bundle: MimeBundle, metadata: Record<string, unknown>, displayId?: string): void;
  /** A new bundle for everything shown under a display id. */
  update(cell: Cell, displayId: string, bundle: MimeBundle, metadata: Record<string, unknown>): void;
  /** The cell's output so far is to go; with `wait` only when the next output comes. */
  clear(cell: Cell, wait: boolean): void;
  /** A message on a channel to the front end. */
  comm(
    cell: Cell,
    type: string,
    content: object,
    metadata: Record<string, unknown>,
    buffers: Uint8Array[],
  ): void;
  /** Asks the user for a line of text; absent where nobody can be asked. */
  ask?(cell: Cell, prompt: string, password: boolean): Promise<string>;
}
