import { readSync, writeSync } from "node:fs";
import { startupSnapshot } from "node:v8";
import { messageOf } from "../../src/core/errors.js";
import { Compiler, type CompilerPaths } from "./compiler.js";
import type { AnswerLine, QuestionLine, Questions } from "./protocol.js";

/*
 * The compiler's process: reads questions from standard input and writes answers to standard output, one after the
 * other, until the kernel closes its end. It can be started from a snapshot in which its first program is built already.
 */
const [paths, rehearsal] = process.argv.slice(2);
const compiler = new Compiler(JSON.parse(paths) as CompilerPaths);

function answerTo({ kind, question }: QuestionLine): AnswerLine {
  try {
    const method = compiler[kind] as (question: Questions[typeof kind]["question"]) => unknown;
    return { answer: method.call(compiler, question) };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

function* lines(): Iterable<string> {
  const chunk = Buffer.alloc(1 << 16);
  let waiting: Buffer[] = [];
  for (let size = read(chunk); size > 0; size = read(chunk)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < size; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...waiting, chunk.subarray(start, end)]).toString("utf8");
      waiting = [];
      start = end + 1;
    }
    waiting.push(Buffer.from(chunk.subarray(start, size)));
  }
}

function read(chunk: Buffer): number {
  try {
    return readSync(0, chunk, 0, chunk.length, null);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return read(chunk);
    if (code === "EOF") return 0;
    throw error;
  }
}

function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent);
}

function serve(): void {
  // Ctrl-C reaches every process of a terminal; the kernel decides what it means.
  process.on("SIGINT", () => {});
  for (const line of lines()) write(`${JSON.stringify(answerTo(JSON.parse(line)))}\n`);
}

if (startupSnapshot.isBuildingSnapshot()) {
  compiler.rehearse(rehearsal);
  startupSnapshot.setDeserializeMainFunction(serve);
} else {
  serve();
}
