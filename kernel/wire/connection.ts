import { readFileSync } from "node:fs";
import { DataError, whyNotJson } from "../../src/core/errors.js";

/** Where a front end expects the kernel's sockets, and the key that both sides sign with. */
export interface Connection {
  /** "tcp" or "ipc". */
  readonly transport: string;
  /** The address to bind to; the kernel binds to no other. */
  readonly ip: string;
  /** Port of execution requests and other questions. */
  readonly shell_port: number;
  /** Port of published output. */
  readonly iopub_port: number;
  /** Port of questions to the user. */
  readonly stdin_port: number;
  /** Port of interrupt and shutdown. */
  readonly control_port: number;
  /** Port that echoes, so that the front end knows the kernel lives. */
  readonly hb_port: number;
  /** Shared secret; empty means unsigned messages. */
  readonly key: string;
  /** "hmac-sha256" or another HMAC hash that Node knows. */
  readonly signature_scheme: string;
}

const ports = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/**
 * Reads the connection file that a front end wrote.
 *
 * @param path - the file
 * @returns its content
 * @throws DataError naming the file when it cannot be read or lacks a field; the key is never part of the message
 */
export function readConnection(path: string): Connection {
  let content: Partial<Connection>;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = whyNotJson(error);
    throw new DataError(`cannot read the connection file ${path}: ${reason}`, path);
  }
  const missing = ports.filter((port) => !Number.isInteger(content[port]));
  if (missing.length > 0 || typeof content.ip !== "string") {
    const fields = [...missing, ...(typeof content.ip === "string" ? [] : ["ip"])].join(", ");
    throw new DataError(
      `the connection file ${path} must hold ${fields}; a Jupyter front end writes it`,
      path,
    );
  }
  return {
    transport: "tcp",
    key: "",
    signature_scheme: "hmac-sha256",
    ...(content as Omit<Connection, "transport" | "key" | "signature_scheme">),
  };
}

/**
 * The address of one of the sockets.
 *
 * @param connection - the connection
 * @param port - which port
 * @returns an address that ZeroMQ understands
 */
export function addressOf(connection: Connection, port: (typeof ports)[number]): string {
  const separator = connection.transport === "ipc" ? "-" : ":";
  return `${connection.transport}://${connection.ip}${separator}${connection[port]}`;
}
