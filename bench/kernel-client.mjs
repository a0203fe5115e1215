import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { Codec } from "../dist/kernel/wire/codec.js";

/** Starts a kernel as Jupyter does, and measures how long it takes to answer. */
export class KernelUnderTest {
  #messages = [];
  #check = () => {};
  #codec;
  #sockets;
  #child;
  #folder = mkdtempSync(join(tmpdir(), "dn2-bench-"));

  /**
   * @param {string[]} argv - program and arguments; "{connection_file}" is replaced
   * @returns {Promise<KernelUnderTest>}
   */
  static async start(argv) {
    const kernel = new KernelUnderTest();
    const ports = await freePorts(5);
    const key = randomUUID();
    const file = join(kernel.#folder, "connection.json");
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    writeFileSync(
      file,
      JSON.stringify({
        ...{ transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" },
        ...{ shell_port, iopub_port, stdin_port, control_port, hb_port },
      }),
    );
    kernel.#codec = new Codec(key);
    const shell = new Dealer({ linger: 0, reconnectInterval: 5 });
    const iopub = new Subscriber({ linger: 0, reconnectInterval: 5 });
    kernel.#sockets = [shell, iopub];
    shell.connect(`tcp://127.0.0.1:${shell_port}`);
    iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
    iopub.subscribe();
    kernel.began = performance.now();
    const [program, ...args] = argv.map((arg) => arg.replace("{connection_file}", file));
    kernel.#child = spawn(program, args, {
      cwd: kernel.#folder,
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
      stdio: "ignore",
    });
    void kernel.#receive(shell);
    void kernel.#receive(iopub);
    await kernel.#request("kernel_info_request", {});
    return kernel;
  }

  /**
   * Runs a cell that prints or shows a text.
   *
   * @param {string} code
   * @param {string} expected - the text
   * @returns {Promise<number>} when it came, in milliseconds as `performance.now`
   */
  async run(code, expected) {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const id = await this.#send("execute_request", { ...content, stop_on_error: true });
    const isMine = ({ parent }) => parent.msg_id === id;
    await this.#until(() => this.#messages.some((m) => isMine(m) && m.header.msg_type === "execute_reply"));
    const shown = () => JSON.stringify(this.#messages.filter(isMine).map(({ content }) => content));
    await this.#until(() => shown().includes(expected), shown);
    return performance.now();
  }

  /** Ends the kernel. */
  async stop() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill("SIGKILL");
    await ended;
    for (const socket of this.#sockets) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #request(type, content) {
    const id = await this.#send(type, content);
    await this.#until(() => this.#messages.some(({ parent }) => parent.msg_id === id));
  }

  async #send(type, content) {
    const frames = this.#codec.encode({ type, content: JSON.stringify(content) });
    await this.#sockets[0].send(frames);
    return JSON.parse(frames[2].toString()).msg_id;
  }

  async #receive(socket) {
    for await (const frames of socket) {
      this.#messages.push(this.#codec.decode(frames));
      this.#check();
    }
  }

  #until(condition, describe = () => "") {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer within a minute ${describe()}`)), 60_000);
      this.#check = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#check = () => {};
        done();
      };
      this.#check();
    });
  }
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((done) => server.once("listening", done))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
