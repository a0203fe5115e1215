import { CompilerProcess } from "../compiler/compiler-process.js";
import { Cell } from "../evaluator/cells.js";
import { Evaluator } from "../evaluator/evaluator.js";
import { toJson } from "../wire/json.js";
import type { FromChild, ToChild } from "./protocol.js";

/*
 * A process of its own evaluates the cells, so that neither process.exit in a cell nor its memory, timers and folder
 * concern the program that runs the notebook. Messages travel over Node's channel between parent and child.
 */
const tell = (message: FromChild): void => {
  process.send!(message);
};

const evaluator = new Evaluator(new CompilerProcess(process.cwd()), {
  stream: (cell, name, text) => tell({ kind: "stream", label: cell.label, name, text }),
  display: (cell, bundle, metadata, displayId) =>
    tell({ kind: "display", label: cell.label, data: toJson(bundle), metadata: toJson(metadata), displayId }),
  update: (_cell, displayId, bundle, metadata) =>
    tell({ kind: "update", displayId, data: toJson(bundle), metadata: toJson(metadata) }),
  clear: (cell, wait) => tell({ kind: "clear", label: cell.label, wait }),
  comm: () => {},
  interactive: false,
});

process.on("message", async (message: ToChild) => {
  if (message.kind === "end") {
    process.disconnect();
    process.exit(0);
  }
  if (message.kind === "interrupt") {
    evaluator.interrupt();
    return;
  }
  const outcome = await evaluator.run(new Cell(message.label), message.code);
  tell(
    outcome.status === "ok"
      ? { kind: "done", data: outcome.bundle && toJson(outcome.bundle) }
      : { kind: "error", error: outcome.error, line: outcome.line },
  );
});
// Ctrl-C reaches every process of a terminal; the runner decides what it means.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
evaluator.prepare();
tell({ kind: "ready" });
