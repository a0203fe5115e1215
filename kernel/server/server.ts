import { writeSync } from "node:fs";
import { Cell } from "../evaluator/cells.js";
import { Evaluator } from "../evaluator/evaluator.js";
import { Sockets } from "../sockets/sockets.js";
import type { Connection } from "../wire/connection.js";
import { toJson } from "../wire/json.js";
import type { Header, Message } from "../wire/message.js";
import { Executions } from "./executions.js";
import { History } from "./history.js";
import { kernelInfo } from "./kernel-info.js";
import { Publisher } from "./publisher.js";
import { toCodePoints, toUtf16 } from "./text-offset.js";

type Content = Record<string, unknown>;

/** The kernel: answers a front end's requests with the help of an evaluator. */
export class Server {
  readonly #sockets: Sockets;
  readonly #evaluator: Evaluator;
  readonly #executions: Executions;
  readonly #history = new History();
  #handling: Header | undefined;
  readonly #answers: Record<string, (content: Content) => Content> = {
    complete_request: (content) => this.#complete(content),
    inspect_request: (content) => this.#inspect(content),
    is_complete_request: (content) => ({ ...this.#evaluator.completeness(String(content.code ?? "")) }),
    history_request: (content) => ({ status: "ok", history: this.#history.answer(content) }),
    comm_info_request: (content) => ({ status: "ok", comms: this.#evaluator.comms.list(targetOf(content)) }),
    kernel_info_request: () => kernelInfo(),
  };

  /**
   * Starts answering. Sockets come first and the type checker after them, so that a front end is connected while it
   * loads.
   *
   * @param connection - where the front end expects the kernel
   * @param folder - folder of the notebook
   * @param parentProcess - process that the kernel must not outlive; undefined when none
   */
  constructor(connection: Connection, folder: string, parentProcess: number | undefined) {
    this.#sockets = new Sockets(connection, kernelInfo(), parentProcess, {
      request: (message, arrival) => this.#dispatch(message, arrival),
      answer: () => {},
      interrupt: () => this.#evaluator.interrupt(),
      terminated: () => this.#terminated(),
      shutdown: () => process.exit(0),
      failed: (reason) => {
        writeSync(2, `the kernel cannot use its sockets: ${reason}\n`);
        process.exit(1);
      },
    });
    const publisher = new Publisher(() => this.#sockets);
    this.#evaluator = new Evaluator(folder, publisher);
    this.#executions = new Executions(this.#evaluator, this.#sockets, publisher, this.#history);
    // Interrupts come as messages; Ctrl-C in a terminal is for the front end that was started there.
    process.on("SIGINT", () => {});
    process.on("exit", () => this.#sockets.close());
    setImmediate(() => this.#prepare());
  }

  #prepare(): void {
    this.#evaluator.load();
    const warmUp = (): void => {
      if (this.#evaluator.cells.running) setTimeout(warmUp, 2000).unref();
      else this.#evaluator.warmUp();
    };
    setTimeout(() => (this.#sockets.arrived === 0 ? warmUp() : setTimeout(warmUp, 2000).unref()), 20);
  }

  #dispatch(message: Message, arrival: number): void {
    const type = message.header.msg_type;
    if (type === "execute_request") {
      this.#executions.add(message, arrival);
    } else if (type.startsWith("comm_") && type !== "comm_info_request") {
      // Like cells, handlers run in a promise's continuation; see Executions.
      setImmediate(() => void Promise.resolve().then(() => this.#receiveComm(message)));
    } else {
      this.#answer(message, type);
    }
  }

  #terminated(): void {
    this.#executions.abandonInterrupted();
    if (this.#handling) this.#sockets.status("idle", this.#handling);
    this.#handling = undefined;
  }

  #receiveComm({ header, content, buffers }: Message): void {
    this.#handling = header;
    this.#sockets.status("busy", header);
    this.#evaluator.handle(new Cell("message handler", header), () => {
      this.#evaluator.comms.receive(header.msg_type, content, buffers);
    });
    this.#sockets.status("idle", header);
    this.#handling = undefined;
  }

  #answer({ header, content, identities }: Message, type: string): void {
    const answer = this.#answers[type];
    if (!answer) return;
    this.#sockets.status("busy", header);
    let reply: Content;
    try {
      reply = answer(content);
    } catch (error) {
      const { name, message } = error as Error;
      reply = { status: "error", ename: name, evalue: message, traceback: [] };
    }
    const replyType = type.replace("_request", "_reply");
    this.#sockets.reply("shell", { type: replyType, content: toJson(reply), parent: header, identities });
    this.#sockets.status("idle", header);
  }

  #complete(content: Content): Content {
    const code = String(content.code ?? "");
    const position = toUtf16(code, Number(content.cursor_pos ?? code.length));
    const { candidates, start, end, original } = this.#evaluator.complete(code, position);
    const from = toCodePoints(code, start);
    const to = toCodePoints(code, end);
    const kinds = new Map(original?.entries.map((entry) => [entry.name, entry.kind]));
    const types = candidates
      .slice(0, 300)
      .map((text) => ({ start: from, end: to, text, type: kinds.get(text) ?? "<unknown>" }));
    return {
      status: "ok",
      matches: candidates,
      cursor_start: from,
      cursor_end: to,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  #inspect(content: Content): Content {
    const code = String(content.code ?? "");
    const found = this.#evaluator.inspect(code, toUtf16(code, Number(content.cursor_pos ?? code.length)));
    const data = found ? { "text/plain": found.plain, "text/markdown": found.markdown } : {};
    return { status: "ok", found: found !== undefined, data, metadata: {} };
  }
}

function targetOf(content: Content): string | undefined {
  return typeof content.target_name === "string" && content.target_name !== ""
    ? content.target_name
    : undefined;
}
