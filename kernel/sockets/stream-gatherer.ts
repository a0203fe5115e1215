import type { Header } from "../wire/message.js";

/** Text of one stream of one cell. */
export interface StreamText {
  /** Which stream. */
  readonly name: "stdout" | "stderr";
  /** Its next text. */
  text: string;
  /** Header of the request that runs the cell; undefined: none. */
  readonly parent: Header | undefined;
}

/** After a message, text is gathered for this long. */
const gatherMs = 10;

/**
 * Joins pieces of text that follow each other quickly, so that a flood of short lines is no flood of messages. The first
 * piece goes out at once. Lives on the socket thread: there the rest goes out in time also while a cell computes.
 */
export class StreamGatherer {
  #pending: StreamText | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param send - receives joined text */
  constructor(private readonly send: (stream: StreamText) => void) {}

  /** @param stream - text that follows the one before */
  add(stream: StreamText): void {
    const { name, parent } = this.#pending ?? {};
    if (this.#pending && name === stream.name && parent?.msg_id === stream.parent?.msg_id) {
      this.#pending.text += stream.text;
      return;
    }
    this.flush();
    if (this.#timer) {
      this.#pending = { ...stream };
      return;
    }
    this.send(stream);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, gatherMs);
  }

  /** Sends what was gathered; to be called before any other message, so that the order is kept. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.send(pending);
  }
}
