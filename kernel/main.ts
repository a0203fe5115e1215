import { messageOf } from "../src/core/errors.js";
import { Server } from "./server/server.js";
import { readConnection } from "./wire/connection.js";

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write("the kernel must be given a connection file; a Jupyter front end does that\n");
  process.exit(2);
}
try {
  const parent = Number(process.env.JPY_PARENT_PID);
  new Server(readConnection(path), process.cwd(), parent > 1 ? parent : undefined);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}
