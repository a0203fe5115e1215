import { setTimeout as delay } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Router, XPublisher } from "zeromq";
import { messageOf } from "../../src/core/errors.js";
import { Codec } from "../wire/codec.js";
import { addressOf } from "../wire/connection.js";
import type { Header, Message } from "../wire/message.js";
import { Interrupter } from "./interrupt.js";
import { watchParent } from "./parent-watch.js";
import { type FromSockets, SharedSlot, type SocketThreadData, type ToSockets } from "./protocol.js";
import { orderedSender } from "./sender.js";
import { StreamGatherer } from "./stream-gatherer.js";

/*
 * The thread that owns every socket, so that heartbeat, kernel info, interrupt and shutdown are answered, and output
 * goes out, while a cell computes.
 */
const { connection, kernelInfo, parentProcess, shared } = workerData as SocketThreadData;
const port = parentPort!;
const codec = new Codec(connection.key, connection.signature_scheme);
const options = { sendHighWaterMark: 0, linger: 500 };
const iopub = new XPublisher({ ...options, verbosity: "allSubs" });
const shell = new Router(options);
const stdin = new Router(options);
const control = new Router(options);
const heartbeat = new Router(options);
const sendTo = {
  iopub: orderedSender(iopub),
  shell: orderedSender(shell),
  stdin: orderedSender(stdin),
  control: orderedSender(control),
};
const interrupter = new Interrupter({
  askMainThread: () => tell({ kind: "interrupt" }),
  terminated: () => tell({ kind: "terminated" }),
});
const streams = new StreamGatherer(({ name, text, parent }) =>
  publish("stream", JSON.stringify({ name, text }), parent ?? {}),
);
const working = new Map<string, Header>();

function tell(message: FromSockets): void {
  port.postMessage(message);
}

function publish(type: string, content: string, parent: Header | Record<string, never>): void {
  sendTo.iopub(codec.encode({ type, content, parent, identities: [Buffer.from(`kernel.${type}`)] }));
}

function status(state: string, parent: Header | Record<string, never>): void {
  publish("status", JSON.stringify({ execution_state: state }), parent);
}

function answer(socket: "shell" | "control", request: Message, type: string, content: string): void {
  sendTo[socket](codec.encode({ type, content, parent: request.header, identities: request.identities }));
}

function began(request: Header): void {
  working.set(request.msg_id, request);
  status("busy", request);
}

/** Front ends take any "idle" for the end of all work, so what still runs is said again. */
function ended(request: Header): void {
  working.delete(request.msg_id);
  status("idle", request);
  const [other] = working.values();
  if (other) status("busy", other);
}

function answerHere(socket: "shell" | "control", request: Message, type: string, content: string): void {
  began(request.header);
  answer(socket, request, type, content);
  ended(request.header);
}

async function messagesOf(socket: Router, handle: (message: Message) => void): Promise<void> {
  for await (const frames of socket) {
    let message: Message;
    try {
      message = codec.decode(frames);
    } catch {
      Atomics.add(shared, SharedSlot.dropped, 1);
      continue;
    }
    handle(message);
  }
}

/** A subscriber hears that it is one: what is published from now on reaches it. */
async function welcomeSubscribers(): Promise<void> {
  for await (const [subscription] of iopub) {
    if (subscription[0] !== 1) continue;
    const topic = subscription.subarray(1);
    const content = JSON.stringify({ subscription: topic.toString("utf8") });
    sendTo.iopub(codec.encode({ type: "iopub_welcome", content, identities: [topic] }));
  }
}

function handleShell(message: Message): void {
  if (message.header.msg_type === "kernel_info_request") {
    answerHere("shell", message, "kernel_info_reply", kernelInfo);
    return;
  }
  const isExecute = message.header.msg_type === "execute_request";
  const arrival = isExecute ? Atomics.add(shared, SharedSlot.arrived, 1) + 1 : 0;
  tell({ kind: "request", message, arrival });
}

function handleControl(message: Message): void {
  switch (message.header.msg_type) {
    case "kernel_info_request":
      answerHere("control", message, "kernel_info_reply", kernelInfo);
      break;
    case "interrupt_request":
      answerHere("control", message, "interrupt_reply", '{"status":"ok"}');
      void interrupter.interrupt();
      break;
    case "shutdown_request": {
      const restart = message.content.restart === true;
      answerHere("control", message, "shutdown_reply", JSON.stringify({ status: "ok", restart }));
      publish("shutdown_reply", JSON.stringify({ status: "ok", restart }), message.header);
      stop(restart);
      break;
    }
  }
}

function stop(restart: boolean): void {
  tell({ kind: "shutdown", restart });
  // A main thread that computes does not hear of it; one that does nothing only needs time, on a busy machine.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), working.size > 0 ? 1500 : 10_000);
}

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  await delay(20);
  for (const socket of [iopub, shell, stdin, control, heartbeat]) socket.close();
  await delay(30);
  Atomics.store(shared, SharedSlot.closed, 1);
  Atomics.notify(shared, SharedSlot.closed);
  port.close();
}

port.on("message", (message: ToSockets) => {
  if (message.kind === "stream") return streams.add(message);
  streams.flush();
  switch (message.kind) {
    case "publish":
      sendTo.iopub(
        codec.encode({ ...message.message, identities: [Buffer.from(`kernel.${message.message.type}`)] }),
      );
      break;
    case "reply":
      sendTo[message.socket](codec.encode(message.message));
      break;
    case "status":
      (message.state === "busy" ? began : ended)(message.parent);
      break;
    case "alive":
      interrupter.sawLife();
      break;
    case "close":
      void close();
      break;
  }
});

async function start(): Promise<void> {
  await Promise.all([
    iopub.bind(addressOf(connection, "iopub_port")),
    shell.bind(addressOf(connection, "shell_port")),
    stdin.bind(addressOf(connection, "stdin_port")),
    control.bind(addressOf(connection, "control_port")),
    heartbeat.bind(addressOf(connection, "hb_port")),
  ]);
  status("starting", {});
  if (parentProcess !== undefined) watchParent(parentProcess, () => stop(false));
  await Promise.all([
    messagesOf(shell, handleShell),
    messagesOf(control, handleControl),
    welcomeSubscribers(),
    messagesOf(stdin, (message) => tell({ kind: "answer", message })),
    (async () => {
      for await (const frames of heartbeat) await heartbeat.send(frames);
    })(),
  ]);
}

start().catch((error) => {
  if (!closing) tell({ kind: "failed", reason: messageOf(error) });
});
