import type { Connection } from "../wire/connection.js";
import type { Header, Message, Outgoing } from "../wire/message.js";

/** What the socket thread is started with. */
export interface SocketThreadData {
  /** Where to bind and how to sign. */
  readonly connection: Connection;
  /** Content of the answer to kernel_info_request, as JSON. */
  readonly kernelInfo: string;
  /** Process that started the kernel; the kernel ends when it does. Undefined: not watched. */
  readonly parentProcess: number | undefined;
  /** Int32Array shared by both threads; see `SharedSlot`. */
  readonly shared: Int32Array;
}

/** Positions in the shared array. */
export const SharedSlot = {
  /** Number of execute requests received so far. */
  arrived: 0,
  /** 1 once the sockets are closed. */
  closed: 1,
  /** Number of messages dropped because they were malformed or wrongly signed. */
  dropped: 2,
  /** How many there are. */
  length: 3,
} as const;

/** From the kernel's main thread to the socket thread. */
export type ToSockets =
  | { readonly kind: "publish"; readonly message: Outgoing }
  | {
      readonly kind: "stream";
      readonly name: "stdout" | "stderr";
      readonly text: string;
      readonly parent: Header | undefined;
    }
  | { readonly kind: "reply"; readonly socket: "shell" | "stdin"; readonly message: Outgoing }
  | { readonly kind: "status"; readonly state: "busy" | "idle"; readonly parent: Header }
  | { readonly kind: "alive" }
  | { readonly kind: "close" };

/** From the socket thread to the kernel's main thread. */
export type FromSockets =
  | { readonly kind: "request"; readonly message: Message; readonly arrival: number }
  | { readonly kind: "answer"; readonly message: Message }
  | { readonly kind: "interrupt" }
  | { readonly kind: "terminated" }
  | { readonly kind: "shutdown"; readonly restart: boolean }
  | { readonly kind: "failed"; readonly reason: string };
