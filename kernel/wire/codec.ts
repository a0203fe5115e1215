import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { messageOf } from "../../src/core/errors.js";
import type { Header, Message, Outgoing } from "./message.js";

/** Version of the Jupyter messaging protocol that the kernel speaks. */
export const protocolVersion = "5.4";

const delimiter = Buffer.from("<IDS|MSG>");

/** A message that cannot be trusted or understood; the kernel drops it. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

/** Turns messages into signed frames and back. */
export class Codec {
  readonly #key: string;
  readonly #hash: string;
  readonly #session: string;
  readonly #seen = new Set<string>();

  /**
   * @param key - shared secret; empty means unsigned
   * @param scheme - "hmac-sha256" or another HMAC hash that Node knows
   * @param session - identifier of this side's session
   */
  constructor(key: string, scheme = "hmac-sha256", session: string = randomUUID()) {
    this.#key = key;
    this.#hash = scheme.replace(/^hmac-/, "");
    this.#session = session;
  }

  /**
   * Makes the frames of a message.
   *
   * @param message - what to send
   * @param username - name of the sender
   * @returns identities, delimiter, signature, header, parent, metadata, content, buffers
   */
  encode(message: Outgoing, username = "kernel"): Buffer[] {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#session,
      username,
      date: new Date().toISOString(),
      msg_type: message.type,
      version: protocolVersion,
    };
    const parts = [
      JSON.stringify(header),
      JSON.stringify(message.parent ?? {}),
      message.metadata ?? "{}",
      message.content,
    ].map((part) => Buffer.from(part));
    return [
      ...(message.identities ?? []).map(asBuffer),
      delimiter,
      Buffer.from(this.#sign(parts)),
      ...parts,
      ...(message.buffers ?? []).map(asBuffer),
    ];
  }

  /**
   * Reads and verifies the frames of a message.
   *
   * @param frames - the frames as received
   * @returns the message
   * @throws BadMessage when it is malformed, wrongly signed, or a copy of a signed message that came before
   */
  decode(frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0 || frames.length < at + 6)
      throw new BadMessage("a message must have a delimiter and five parts");
    const parts = frames.slice(at + 2, at + 6).map(asBuffer);
    this.#verify(asBuffer(frames[at + 1]), parts);
    let decoded: unknown[];
    try {
      decoded = parts.map((part) => JSON.parse(part.toString("utf8")));
    } catch (error) {
      throw new BadMessage(`a message must hold JSON: ${messageOf(error)}`);
    }
    const [header, parent, metadata, content] = decoded as [
      Header,
      Header,
      Message["metadata"],
      Message["content"],
    ];
    if (typeof header?.msg_type !== "string") throw new BadMessage("a message must say its type");
    return {
      identities: frames.slice(0, at),
      header,
      parent,
      metadata,
      content,
      buffers: frames.slice(at + 6),
    };
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #verify(signature: Buffer, parts: readonly Buffer[]): void {
    if (this.#key === "") return;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new BadMessage("the signature of a message is wrong");
    }
    const text = expected.toString("latin1");
    if (this.#seen.has(text)) throw new BadMessage("a message came twice");
    this.#seen.add(text);
    if (this.#seen.size > 65536) {
      for (const old of this.#seen) {
        if (this.#seen.size <= 49152) break;
        this.#seen.delete(old);
      }
    }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
