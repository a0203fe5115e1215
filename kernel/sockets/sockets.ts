import { Worker } from "node:worker_threads";
import type { Connection } from "../wire/connection.js";
import type { Header, Message, Outgoing } from "../wire/message.js";
import { type FromSockets, SharedSlot, type SocketThreadData, type ToSockets } from "./protocol.js";

/** What the kernel does with what comes from the front end. */
export interface SocketEvents {
  /** A request on the shell channel; `arrival` counts execute requests from 1. */
  request(message: Message, arrival: number): void;
  /** An answer of the user to a question. */
  answer(message: Message): void;
  /** The user interrupts. */
  interrupt(): void;
  /** Running code was terminated for an interrupt, so its promises may never settle. */
  terminated(): void;
  /** The front end wants the kernel to end. */
  shutdown(restart: boolean): void;
  /** The sockets cannot be used. */
  failed(reason: string): void;
}

/** The main thread's end of the sockets, which live on a thread of their own. */
export class Sockets {
  readonly #shared = new Int32Array(new SharedArrayBuffer(4 * SharedSlot.length));
  readonly #worker: Worker;

  /**
   * Starts the socket thread.
   *
   * @param connection - where to bind and how to sign
   * @param kernelInfo - content of the answer to kernel_info_request
   * @param parentProcess - process that the kernel must not outlive; undefined when none
   * @param events - what to do with what comes in
   */
  constructor(
    connection: Connection,
    kernelInfo: object,
    parentProcess: number | undefined,
    events: SocketEvents,
  ) {
    const workerData: SocketThreadData = {
      connection,
      kernelInfo: JSON.stringify(kernelInfo),
      parentProcess,
      shared: this.#shared,
    };
    this.#worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
    this.#worker.on("error", (error) => events.failed(error.message));
    this.#worker.on("message", (message: FromSockets) => {
      switch (message.kind) {
        case "interrupt":
          this.#post({ kind: "alive" });
          events.interrupt();
          break;
        case "request":
          events.request(message.message, message.arrival);
          break;
        case "answer":
          events.answer(message.message);
          break;
        case "terminated":
          events.terminated();
          break;
        case "shutdown":
          events.shutdown(message.restart);
          break;
        case "failed":
          events.failed(message.reason);
          break;
      }
    });
  }

  /** How many execute requests have been received, those that wait in the main thread's queue included. */
  get arrived(): number {
    return Atomics.load(this.#shared, SharedSlot.arrived);
  }

  /** How many messages were dropped because they were malformed or wrongly signed. */
  get dropped(): number {
    return Atomics.load(this.#shared, SharedSlot.dropped);
  }

  /** @param message - goes to every front end */
  publish(message: Outgoing): void {
    this.#post({ kind: "publish", message });
  }

  /**
   * Publishes text; pieces that follow each other quickly become one message.
   *
   * @param name - "stdout" or "stderr"
   * @param text - the text
   * @param parent - header of the request that runs the cell
   */
  stream(name: "stdout" | "stderr", text: string, parent: Header | undefined): void {
    this.#post({ kind: "stream", name, text, parent });
  }

  /**
   * Sends to one front end.
   *
   * @param socket - the channel
   * @param message - with the identities of the request
   */
  reply(socket: "shell" | "stdin", message: Outgoing): void {
    this.#post({ kind: "reply", socket, message });
  }

  /**
   * Says that the kernel works on a request, or has finished it.
   *
   * @param state - "busy" or "idle"
   * @param parent - header of the request
   */
  status(state: "busy" | "idle", parent: Header): void {
    this.#post({ kind: "status", state, parent });
  }

  /** Closes the sockets and waits, blocking, until they are closed: leaving earlier makes the native library complain. */
  close(): void {
    this.#post({ kind: "close" });
    Atomics.wait(this.#shared, SharedSlot.closed, 0, 1000);
  }

  #post(message: ToSockets): void {
    this.#worker.postMessage(message);
  }
}
