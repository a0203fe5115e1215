import type { Message } from "../wire/message.js";

/**
 * Messages of channels that wait to be handled, in order. Updates of the same widget that follow each other become one:
 * who drags a slider quickly over a slow handler gets an answer to where it is, not to every place where it was.
 */
export class CommQueue {
  readonly #waiting: Message[] = [];

  /** @param message - comes last */
  add(message: Message): void {
    this.#waiting.push(message);
  }

  /**
   * @returns the next message with the headers of earlier ones whose states it includes; undefined when none waits
   */
  take(): { readonly message: Message; readonly included: readonly Message[] } | undefined {
    let message = this.#waiting.shift();
    if (!message) return undefined;
    const included: Message[] = [];
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const merged = mergeUpdates(message, next);
      if (!merged) break;
      included.push(message);
      message = merged;
      this.#waiting.shift();
    }
    return { message, included };
  }
}

interface Update {
  readonly method: "update";
  readonly state: Record<string, unknown>;
}

function mergeUpdates(first: Message, second: Message): Message | undefined {
  const [a, b] = [updateOf(first), updateOf(second)];
  if (!a || !b || first.content.comm_id !== second.content.comm_id) return undefined;
  return { ...second, content: { ...second.content, data: { ...b, state: { ...a.state, ...b.state } } } };
}

/** The protocol of widgets: an update without binary parts. */
function updateOf({ header, content, buffers }: Message): Update | undefined {
  const data = content.data as Partial<Update> | null | undefined;
  const isUpdate = header.msg_type === "comm_msg" && data?.method === "update" && buffers.length === 0;
  return isUpdate && typeof data.state === "object" && data.state !== null ? (data as Update) : undefined;
}
