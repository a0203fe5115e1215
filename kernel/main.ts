import { messageOf } from "../src/core/errors.js";
import { CompilerProcess } from "./compiler/compiler-process.js";
import { buildSnapshot } from "./compiler/snapshot.js";
import { readConnection } from "./wire/connection.js";

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write("the kernel must be given a connection file; a Jupyter front end does that\n");
  process.exit(2);
}
start(path).catch((error) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});

async function start(file: string): Promise<void> {
  const connection = readConnection(file);
  // The compiler takes longest to start; the rest of the kernel is loaded meanwhile.
  const compiler = new CompilerProcess(process.cwd());
  const { Server } = await import("./server/server.js");
  const parent = Number(process.env.JPY_PARENT_PID);
  new Server(connection, compiler, parent > 1 ? parent : undefined);
  await compiler.ready;
  if (compiler.startedSlowly) await buildSnapshot().catch(() => false);
}
