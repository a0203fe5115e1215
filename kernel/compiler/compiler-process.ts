import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type { AnswerLine, CellSource, ConvertedCell, Questions } from "./protocol.js";
import { type CompilerCommand, compilerCommand, plainCommand } from "./snapshot.js";

interface Waiting {
  readonly line: string;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The kernel's end of the compiler's process. A process that ended is replaced by a new one, which knows the notebook's
 * folder and what cells declared as modules.
 */
export class CompilerProcess {
  /** Settled once the process can compile. */
  readonly ready: Promise<unknown>;
  readonly #modules = new Map<string, CellSource>();
  #waiting: Waiting[] = [];
  #child: ChildProcess | undefined;
  #command: CompilerCommand | undefined;

  /**
   * Starts the process.
   *
   * @param folder - folder of the notebook
   */
  constructor(readonly folder: string) {
    this.ready = this.#start().catch(() => {});
  }

  /** Whether a snapshot would have made the start faster. */
  get startedSlowly(): boolean {
    return this.#command?.snapshot === undefined;
  }

  /**
   * Asks the compiler.
   *
   * @param kind - which question
   * @param question - the question
   * @returns the answer
   * @throws Error when the compiler fails, or its process ends before it answers
   */
  async ask<K extends keyof Questions>(
    kind: K,
    question: Questions[K]["question"],
  ): Promise<Questions[K]["answer"]> {
    if (!this.#child) this.#start().catch(() => {});
    const answer = await this.#send(kind, question);
    if (kind === "convert") {
      const { module } = (answer as ConvertedCell).metadata as { module?: string };
      if (module !== undefined) this.#modules.set(module, question as CellSource);
    }
    return answer;
  }

  /** Ends the process; what was asked fails. The next question starts another one. */
  stop(): void {
    this.#child?.kill("SIGKILL");
  }

  /** Starts a process that is told what one before it knew, and asked what none has answered. */
  #start(): Promise<unknown> {
    const unanswered = this.#waiting;
    this.#waiting = [];
    this.#spawn(compilerCommand());
    const opened = this.#send("open", { folder: this.folder });
    for (const source of this.#modules.values()) this.#send("convert", source).catch(() => {});
    for (const waiting of unanswered) this.#transmit(waiting);
    return opened;
  }

  #spawn(command: CompilerCommand): void {
    const child = spawn(command.program, command.args, { stdio: ["pipe", "pipe", "ignore"] });
    this.#child = child;
    this.#command = command;
    let answered = false;
    this.#receive(child, (line) => {
      answered = true;
      const waiting = this.#waiting.shift();
      const message = JSON.parse(line) as AnswerLine;
      if ("failure" in message) waiting?.reject(new Error(message.failure));
      else waiting?.resolve(message.answer as never);
    });
    child.stdin.on("error", () => {});
    const ended = (): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (!answered && command.snapshot !== undefined) this.#spawnPlainly(command.snapshot);
      else this.#fail(answered);
    };
    child.once("error", ended);
    child.once("close", ended);
  }

  /** A snapshot that this version of Node or this processor does not take is removed. */
  #spawnPlainly(snapshot: string): void {
    rmSync(snapshot, { force: true });
    this.#spawn(plainCommand());
    for (const { line } of this.#waiting) this.#child?.stdin?.write(line);
  }

  /** The question that was being answered fails; those behind it do when the process never answered any. */
  #fail(answered: boolean): void {
    for (const { reject } of this.#waiting.splice(0, answered ? 1 : this.#waiting.length))
      reject(new Error("the type checker ended before it answered; run the cell again"));
    if (this.#waiting.length > 0) this.#start().catch(() => {});
  }

  #send<K extends keyof Questions>(
    kind: K,
    question: Questions[K]["question"],
  ): Promise<Questions[K]["answer"]> {
    return new Promise((resolve, reject) => {
      this.#transmit({ line: `${JSON.stringify({ kind, question })}\n`, resolve, reject });
    });
  }

  #transmit(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#child?.stdin?.write(waiting.line);
  }

  #receive(child: ChildProcess, take: (line: string) => void): void {
    const decoder = new StringDecoder("utf8");
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (text + decoder.write(chunk)).split("\n");
      text = lines.pop()!;
      lines.forEach(take);
    });
  }
}
