/** Identifies a message and its sender. */
export interface Header {
  /** Unique identifier of the message. */
  readonly msg_id: string;
  /** Identifier of the sender's session. */
  readonly session: string;
  /** Name of the sender. */
  readonly username: string;
  /** When it was sent, ISO 8601. */
  readonly date: string;
  /** What it is, for example "execute_request". */
  readonly msg_type: string;
  /** Version of the protocol. */
  readonly version: string;
}

/** A message of the Jupyter protocol, received and verified. */
export interface Message {
  /** Routing frames, to be sent back with the reply. */
  readonly identities: Uint8Array[];
  /** What the message is. */
  readonly header: Header;
  /** The message that this one answers; empty when none. */
  readonly parent: Header | Record<string, never>;
  /** Free-form data beside the content. */
  readonly metadata: Record<string, unknown>;
  /** The content, whose shape follows from the header's type. */
  readonly content: Record<string, unknown>;
  /** Binary buffers. */
  readonly buffers: Uint8Array[];
}

/** What is needed to send a message; content and metadata are JSON text already. */
export interface Outgoing {
  /** Its type. */
  readonly type: string;
  /** Its content as JSON. */
  readonly content: string;
  /** The header of the message that it answers or belongs to. */
  readonly parent?: Header | Record<string, never>;
  /** Its metadata as JSON. */
  readonly metadata?: string;
  /** Routing frames, or the topic of published output. */
  readonly identities?: Uint8Array[];
  /** Binary buffers. */
  readonly buffers?: Uint8Array[];
}
