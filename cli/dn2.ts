#!/usr/bin/env node
import { main } from "./main.js";

// A reader that has seen enough, such as head, closes the pipe: the command goes on to its end, and nothing more is printed there.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
