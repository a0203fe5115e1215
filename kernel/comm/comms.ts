import { randomUUID } from "node:crypto";
import { messageOf } from "../../src/core/errors.js";
import type { KernelComm } from "../../src/core/kernel-bridge.js";

/** Sends a message of a channel to the front end. */
export type CommSend = (
  type: "comm_open" | "comm_msg" | "comm_close",
  content: object,
  metadata: Record<string, unknown>,
  buffers: Uint8Array[],
) => void;

type TargetHandler = (comm: KernelComm, data: unknown, buffers: Uint8Array[]) => void;

/** One open channel. */
class Comm implements KernelComm {
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  onClose?: (data: unknown) => void;

  constructor(
    readonly id: string,
    readonly target: string,
    private readonly transmit: CommSend,
    private readonly forget: () => void,
  ) {}

  send(data: unknown, buffers: Uint8Array[] = []): void {
    this.transmit("comm_msg", { comm_id: this.id, data: data ?? {} }, {}, buffers);
  }

  close(data: unknown = {}): void {
    this.forget();
    this.transmit("comm_close", { comm_id: this.id, data }, {}, []);
  }
}

/** The open channels between cells and the front end. */
export class Comms {
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, TargetHandler>();

  /** @param send - reaches the front end */
  constructor(private readonly send: CommSend) {}

  /**
   * Opens a channel.
   *
   * @param target - what the front end knows it by, for example "jupyter.widget"
   * @param data - first data
   * @param metadata - metadata of the opening message
   * @param buffers - binary buffers
   * @returns the channel
   */
  open(
    target: string,
    data: unknown,
    metadata: Record<string, unknown> = {},
    buffers: Uint8Array[] = [],
  ): KernelComm {
    const comm = this.#add(randomUUID().replaceAll("-", ""), target);
    this.send("comm_open", { comm_id: comm.id, target_name: target, data: data ?? {} }, metadata, buffers);
    return comm;
  }

  /**
   * Registers what to do when the front end opens a channel.
   *
   * @param target - name of the target
   * @param handler - called with the channel, the data and the buffers
   */
  registerTarget(target: string, handler: TargetHandler): void {
    this.#targets.set(target, handler);
  }

  /**
   * The open channels.
   *
   * @param target - only those of this target; undefined: all
   * @returns target by channel identifier
   */
  list(target?: string): Record<string, { target_name: string }> {
    const chosen = [...this.#open.values()].filter((comm) => target === undefined || comm.target === target);
    return Object.fromEntries(chosen.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /**
   * Handles a message of the front end. A message for a channel that is not open is ignored.
   *
   * @param type - comm_open, comm_msg or comm_close
   * @param content - the message's content
   * @param buffers - its binary buffers
   */
  receive(type: string, content: Record<string, unknown>, buffers: Uint8Array[]): void {
    const id = String(content.comm_id);
    if (type === "comm_open") this.#opened(id, String(content.target_name), content.data, buffers);
    const comm = this.#open.get(id);
    if (type === "comm_msg") comm?.onMessage?.(content.data, buffers);
    if (type === "comm_close") {
      this.#open.delete(id);
      comm?.onClose?.(content.data);
    }
  }

  #opened(id: string, target: string, data: unknown, buffers: Uint8Array[]): void {
    const handler = this.#targets.get(target);
    const comm = this.#add(id, target);
    if (!handler) {
      comm.close({ reason: `no code in this notebook answers to the target ${target}` });
      return;
    }
    try {
      handler(comm, data, buffers);
    } catch (error) {
      comm.close({ reason: messageOf(error) });
      throw error;
    }
  }

  #add(id: string, target: string): Comm {
    const comm = new Comm(id, target, this.send, () => this.#open.delete(id));
    this.#open.set(id, comm);
    return comm;
  }
}
