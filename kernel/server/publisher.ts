import type { MimeBundle } from "../../src/core/display.js";
import type { Cell } from "../evaluator/cells.js";
import type { Outputs } from "../output/outputs.js";
import type { Sockets } from "../sockets/sockets.js";
import { toJson } from "../wire/json.js";
import type { UserQuestions } from "./user-questions.js";

/** Sends the output of cells to the front end, each message as a child of the request that ran the cell. */
export class Publisher implements Outputs {
  readonly interactive = true;

  /**
   * @param sockets - the way out
   * @param questions - the way to the user
   */
  constructor(
    private readonly sockets: () => Sockets,
    private readonly questions: UserQuestions,
  ) {}

  stream(cell: Cell, name: "stdout" | "stderr", text: string): void {
    this.sockets().stream(name, text, cell.parent);
  }

  display(cell: Cell, bundle: MimeBundle, metadata: Record<string, unknown>, displayId?: string): void {
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.publish(cell, "display_data", { data: bundle, metadata, transient });
  }

  update(cell: Cell, displayId: string, bundle: MimeBundle, metadata: Record<string, unknown>): void {
    this.publish(cell, "update_display_data", {
      data: bundle,
      metadata,
      transient: { display_id: displayId },
    });
  }

  clear(cell: Cell, wait: boolean): void {
    this.publish(cell, "clear_output", { wait });
  }

  comm(
    cell: Cell,
    type: string,
    content: object,
    metadata: Record<string, unknown>,
    buffers: Uint8Array[],
  ): void {
    this.publish(cell, type, content, metadata, buffers);
  }

  ask(cell: Cell, prompt: string, password: boolean): Promise<string> {
    return this.questions.ask(cell, prompt, password);
  }

  /**
   * Sends any message that belongs to a cell.
   *
   * @param cell - the cell
   * @param type - type of the message
   * @param content - its content
   * @param metadata - its metadata
   * @param buffers - its binary buffers
   */
  publish(
    cell: Cell,
    type: string,
    content: object,
    metadata: Record<string, unknown> = {},
    buffers: Uint8Array[] = [],
  ): void {
    this.sockets().publish({
      type,
      content: toJson(content),
      metadata: toJson(metadata),
      parent: cell.parent,
      buffers,
    });
  }
}
