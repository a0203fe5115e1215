import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Dealer, Subscriber } from "zeromq";
import { orderedSender } from "../../kernel/sockets/sender.js";
import { nodeArguments } from "../../kernel/spec/node-arguments.js";
import { Codec } from "../../kernel/wire/codec.js";
import { addressOf, type Connection } from "../../kernel/wire/connection.js";
import type { Message } from "../../kernel/wire/message.js";
import { freeConnection } from "./free-connection.js";

/** Entry file of the built kernel. */
export const kernelMain = resolve(import.meta.dirname, "../../dist/kernel/main.js");

type Content = Record<string, any>;
type Channel = "shell" | "control" | "stdin";

/** All that came for one request. */
export interface Answer {
  /** Content of the reply. */
  readonly reply: Content;
  /** Published messages of the request, up to "idle", status messages left out. */
  readonly outputs: readonly Message[];
}

/** A running kernel with a client that speaks the wire protocol. */
export class KernelClient {
  /** Every published message, in order of arrival. */
  readonly published: Message[] = [];
  /** Every question to the user, in order of arrival. */
  readonly questions: Message[] = [];
  /** Everything that the process wrote to its own stdout and stderr. */
  processOutput = "";
  readonly #codec: Codec;
  readonly #senders: Record<Channel, (frames: Buffer[]) => void>;
  readonly #waiting = new Set<() => void>();
  readonly #replies = new Map<string, Message>();
  #closed = false;

  private constructor(
    /** The kernel's process. */
    readonly process: ChildProcess,
    /** The connection file's content. */
    readonly connection: Connection,
    private readonly sockets: {
      shell: Dealer;
      control: Dealer;
      stdin: Dealer;
      iopub: Subscriber;
      heartbeat: Dealer;
    },
    private readonly folder: string,
  ) {
    this.#codec = new Codec(connection.key);
    this.#senders = {
      shell: orderedSender(sockets.shell),
      control: orderedSender(sockets.control),
      stdin: orderedSender(sockets.stdin),
    };
    process.stdout?.on("data", (text) => {
      this.processOutput += text;
    });
    process.stderr?.on("data", (text) => {
      this.processOutput += text;
    });
    void this.#receive(sockets.shell, (message) => this.#replies.set(String(parentId(message)), message));
    void this.#receive(sockets.control, (message) => this.#replies.set(String(parentId(message)), message));
    void this.#receive(sockets.stdin, (message) => this.questions.push(message));
    void this.#receive(sockets.iopub, (message) => this.published.push(message));
  }

  /**
   * Starts a kernel and connects to it.
   *
   * @param options - folder: the notebook's folder, default a new empty one; env: more environment; main: entry file;
   * transport: default ipc, which cannot lose its ports to another process before the kernel has them
   * @returns the client, once the kernel has answered
   */
  static async start(
    options: { folder?: string; env?: NodeJS.ProcessEnv; main?: string; transport?: "tcp" | "ipc" } = {},
  ): Promise<KernelClient> {
    const main = options.main ?? kernelMain;
    if (!existsSync(main)) throw new Error(`${main} is missing; run npm run build first`);
    const own = mkdtempSync(join(tmpdir(), "dn2-kernel-"));
    const connection = await freeConnection(options.transport ?? "ipc", own);
    const file = join(own, "connection.json");
    writeFileSync(file, JSON.stringify(connection));
    const child = spawn(process.execPath, [...nodeArguments(), main, file], {
      cwd: options.folder ?? own,
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const settings = { linger: 0, reconnectInterval: 20 };
    const talking = { ...settings, sendHighWaterMark: 0 };
    const routingId = randomUUID();
    const sockets = {
      shell: new Dealer({ ...talking, routingId }),
      stdin: new Dealer({ ...talking, routingId }),
      control: new Dealer(talking),
      iopub: new Subscriber({ ...settings, receiveHighWaterMark: 0 }),
      heartbeat: new Dealer(talking),
    };
    sockets.shell.connect(addressOf(connection, "shell_port"));
    sockets.stdin.connect(addressOf(connection, "stdin_port"));
    sockets.control.connect(addressOf(connection, "control_port"));
    sockets.iopub.connect(addressOf(connection, "iopub_port"));
    sockets.iopub.subscribe();
    sockets.heartbeat.connect(addressOf(connection, "hb_port"));
    const client = new KernelClient(child, connection, sockets, own);
    await client.request("kernel_info_request", {});
    await client.until(() => client.published.some(isWelcome), "the welcome of the subscriber");
    return client;
  }

  /**
   * Sends a message without waiting.
   *
   * @param type - its type
   * @param content - its content
   * @param options - channel, default shell; buffers; key: to sign with another one
   * @returns identifier of the message
   */
  send(
    type: string,
    content: Content,
    options: { channel?: Channel; buffers?: Uint8Array[]; key?: string } = {},
  ): string {
    const codec = options.key === undefined ? this.#codec : new Codec(options.key);
    const frames = codec.encode({ type, content: JSON.stringify(content), buffers: options.buffers }, "test");
    const header = JSON.parse(frames[2].toString());
    this.#senders[options.channel ?? "shell"](frames);
    return header.msg_id;
  }

  /** Sends a request and waits for its reply; arguments as `send`. */
  async request(
    type: string,
    content: Content,
    options: { channel?: Channel; timeoutMs?: number } = {},
  ): Promise<Content> {
    return this.reply(this.send(type, content, options), options.timeoutMs);
  }

  /** Waits for the reply to a message. */
  async reply(id: string, timeoutMs?: number): Promise<Content> {
    await this.until(() => this.#replies.has(id), "a reply", timeoutMs);
    return this.#replies.get(id)!.content;
  }

  /** Sends code to be run, without waiting; returns the identifier of the message. */
  sendCode(code: string, options: Content = {}): string {
    return this.send("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  /** Runs code and waits for its reply and for the kernel to be idle. */
  async execute(code: string, options: Content = {}): Promise<Answer> {
    return this.answer(this.sendCode(code, options));
  }

  /** Waits for the reply to a message and for the kernel to be idle. */
  async answer(id: string): Promise<Answer> {
    const reply = await this.reply(id);
    await this.until(() => this.published.some((m) => parentId(m) === id && isIdle(m)), "idle");
    return { reply, outputs: this.outputsOf(id) };
  }

  /** Published messages of a request so far, status messages left out. */
  outputsOf(id: string): Message[] {
    return this.published.filter(
      (message) => parentId(message) === id && message.header.msg_type !== "status",
    );
  }

  /** Sends an echo to the heartbeat socket. */
  async heartbeat(text: string): Promise<string> {
    await this.sockets.heartbeat.send(text);
    const [frame] = await this.sockets.heartbeat.receive();
    return frame.toString();
  }

  /**
   * Waits for a condition that messages bring about.
   *
   * @param condition - what to wait for
   * @param what - how a failure calls it
   * @param timeoutMs - milliseconds, default 50,000
   */
  async until(condition: () => boolean, what: string, timeoutMs = 50_000): Promise<void> {
    if (await this.#comesTrue(condition, timeoutMs)) return;
    const message = `waited ${timeoutMs} ms for ${what}; ${await this.#condition()}; it wrote: ${this.processOutput}`;
    // A failure that a second try makes good is shown nowhere else.
    console.log(message);
    throw new Error(message);
  }

  /** Waits for the process to end. */
  async exit(timeoutMs = 60_000): Promise<{ code: number | null; signal: string | null }> {
    const { process } = this;
    if (process.exitCode === null && process.signalCode === null) {
      await new Promise<void>((done, fail) => {
        const timer = setTimeout(
          () => fail(new Error(`the kernel still ran after ${timeoutMs} ms`)),
          timeoutMs,
        );
        process.once("exit", () => {
          clearTimeout(timer);
          done();
        });
      });
    }
    return { code: process.exitCode, signal: process.signalCode };
  }

  /** Ends the kernel in whatever state it is, and the client. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.process.kill("SIGKILL");
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** @returns whether messages brought a condition about in time */
  async #comesTrue(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    if (condition()) return true;
    return new Promise((done) => {
      const end = (isTrue: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        done(isTrue);
      };
      const check = (): void => {
        if (condition()) end(true);
      };
      const timer = setTimeout(end, timeoutMs, false);
      this.#waiting.add(check);
    });
  }

  /** @returns what the kernel still does, for who has waited in vain */
  async #condition(): Promise<string> {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) return `the kernel ended with ${signalCode ?? exitCode}`;
    const echo = this.heartbeat("alive?").then(() => "answers", String);
    const answers = async (channel: Channel): Promise<string> => {
      const id = this.send("kernel_info_request", {}, { channel });
      return (await this.#comesTrue(() => this.#replies.has(id), 3000)) ? "answers" : "is silent";
    };
    const heartbeat = await Promise.race([echo, delay(3000, "is silent")]);
    const [control, shell] = await Promise.all([answers("control"), answers("shell")]);
    return `the kernel's heartbeat ${heartbeat}, its control channel ${control}, its shell channel ${shell}`;
  }

  async #receive(socket: Dealer | Subscriber, take: (message: Message) => void): Promise<void> {
    try {
      for await (const frames of socket) {
        take(this.#codec.decode(frames));
        for (const check of [...this.#waiting]) check();
      }
    } catch (error) {
      if (!this.#closed) throw error;
    }
  }
}

function isWelcome(message: Message): boolean {
  return message.header.msg_type === "iopub_welcome";
}

/** @returns whether the message says that the kernel is idle */
export function isIdle(message: Message): boolean {
  return message.header.msg_type === "status" && message.content.execution_state === "idle";
}

/** @returns identifier of the message that this one answers */
export function parentId(message: Message): string | undefined {
  return message.parent.msg_id;
}

/** @returns the text of a cell's stream */
export function streamText(outputs: readonly Message[], name: "stdout" | "stderr" = "stdout"): string {
  return outputs
    .filter((message) => message.header.msg_type === "stream" && message.content.name === name)
    .map((message) => message.content.text)
    .join("");
}

/** @returns the contents of the outputs of a type */
export function contentsOf(outputs: readonly Message[], type: string): Content[] {
  return outputs.filter((message) => message.header.msg_type === type).map((message) => message.content);
}
