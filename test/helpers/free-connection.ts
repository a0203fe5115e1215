import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Connection } from "../../kernel/wire/connection.js";

/**
 * A connection that no other kernel has.
 *
 * @param transport - over ports that are free at this moment, or sockets in a folder
 * @param folder - of the sockets
 * @returns the content of a connection file
 */
export async function freeConnection(transport: "tcp" | "ipc", folder: string): Promise<Connection> {
  const ports = transport === "ipc" ? [1, 2, 3, 4, 5] : await freePorts(5);
  return {
    transport,
    ip: transport === "ipc" ? join(folder, "socket") : "127.0.0.1",
    shell_port: ports[0],
    iopub_port: ports[1],
    stdin_port: ports[2],
    control_port: ports[3],
    hb_port: ports[4],
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
