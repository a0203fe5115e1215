import { writeSync } from "node:fs";
import { CommQueue } from "../comm/comm-queue.js";
import type { CompilerProcess } from "../compiler/compiler-process.js";
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
import { UserQuestions } from "./user-questions.js";

type Content = Record<string, unknown>;

/** The kernel: answers a front end's requests with the help of an evaluator. */
export class Server {
  readonly #sockets: Sockets;
  readonly #evaluator: Evaluator;
  readonly #executions: Executions;
  readonly #history = new History();
  readonly #comms = new CommQueue();
  #handling: Header | undefined;
  readonly #answers: Record<string, (content: Content) => Content | Promise<Content>> = {
    complete_request: (content) => this.#complete(content),
    inspect_request: (content) => this.#inspect(content),
    is_complete_request: async (content) => ({
      ...(await this.#evaluator.completeness(String(content.code ?? ""))),
    }),
    history_request: (content) => ({ status: "ok", history: this.#history.answer(content) }),
    comm_info_request: (content) => ({ status: "ok", comms: this.#evaluator.comms.list(targetOf(content)) }),
    kernel_info_request: () => kernelInfo(),
  };

  /**
   * Starts answering.
   *
   * @param connection - where the front end expects the kernel
   * @param compiler - compiles the cells
   * @param parentProcess - process that the kernel must not outlive; undefined when none
   */
  constructor(connection: Connection, compiler: CompilerProcess, parentProcess: number | undefined) {
    const questions = new UserQuestions(
      () => this.#sockets,
      (cell) => this.#executions.requestOf(cell),
    );
    this.#sockets = new Sockets(connection, kernelInfo(), parentProcess, {
      request: (message, arrival) => this.#dispatch(message, arrival),
      answer: (message) => questions.receive(message),
      interrupt: () => this.#evaluator.interrupt(),
      terminated: () => this.#terminated(),
      shutdown: () => process.exit(0),
      failed: (reason) => {
        writeSync(2, `the kernel cannot use its sockets: ${reason}\n`);
        process.exit(1);
      },
    });
    const publisher = new Publisher(() => this.#sockets, questions);
    this.#evaluator = new Evaluator(compiler, publisher);
    this.#executions = new Executions(this.#evaluator, this.#sockets, publisher, this.#history);
    // Interrupts come as messages; Ctrl-C in a terminal is for the front end that was started there.
    process.on("SIGINT", () => {});
    process.on("exit", () => this.#sockets.close());
    this.#evaluator.prepare();
  }

  #dispatch(message: Message, arrival: number): void {
    const type = message.header.msg_type;
    if (type === "execute_request") {
      this.#executions.add(message, arrival);
    } else if (type.startsWith("comm_") && type !== "comm_info_request") {
      // Like cells, handlers run in a promise's continuation; see Executions.
      this.#comms.add(message);
      setImmediate(() => void Promise.resolve().then(() => this.#receiveComm()));
    } else {
      void this.#answer(message, type);
    }
  }

  #terminated(): void {
    this.#executions.abandonInterrupted();
    if (this.#handling) this.#sockets.status("idle", this.#handling);
    this.#handling = undefined;
  }

  #receiveComm(): void {
    const taken = this.#comms.take();
    if (!taken) return;
    for (const { header } of taken.included) {
      this.#sockets.status("busy", header);
      this.#sockets.status("idle", header);
    }
    const { header, content, buffers } = taken.message;
    this.#handling = header;
    this.#sockets.status("busy", header);
    this.#evaluator.handle(new Cell("message handler", header), () => {
      this.#evaluator.comms.receive(header.msg_type, content, buffers);
    });
    this.#sockets.status("idle", header);
    this.#handling = undefined;
  }

  async #answer({ header, content, identities }: Message, type: string): Promise<void> {
    const answer = this.#answers[type];
    if (!answer) return;
    this.#sockets.status("busy", header);
    let reply: Content;
    try {
      reply = await answer(content);
    } catch (error) {
      const { name, message } = error as Error;
      reply = { status: "error", ename: name, evalue: message, traceback: [] };
    }
    const replyType = type.replace("_request", "_reply");
    this.#sockets.reply("shell", { type: replyType, content: toJson(reply), parent: header, identities });
    this.#sockets.status("idle", header);
  }

  async #complete(content: Content): Promise<Content> {
    const code = String(content.code ?? "");
    const position = toUtf16(code, Number(content.cursor_pos ?? code.length));
    const { candidates, kinds, start, end } = await this.#evaluator.complete(code, position);
    const from = toCodePoints(code, start);
    const to = toCodePoints(code, end);
    const types = candidates
      .slice(0, 300)
      .map((text, index) => ({ start: from, end: to, text, type: kinds[index] }));
    return {
      status: "ok",
      matches: candidates,
      cursor_start: from,
      cursor_end: to,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  async #inspect(content: Content): Promise<Content> {
    const code = String(content.code ?? "");
    const position = toUtf16(code, Number(content.cursor_pos ?? code.length));
    const found = await this.#evaluator.inspect(code, position);
    const data = found ? { "text/plain": found.plain, "text/markdown": found.markdown } : {};
    return { status: "ok", found: found !== null, data, metadata: {} };
  }
}

function targetOf(content: Content): string | undefined {
  return typeof content.target_name === "string" && content.target_name !== ""
    ? content.target_name
    : undefined;
}
