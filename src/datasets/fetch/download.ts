import { writeSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { isDiskError } from "../../core/disk-error.js";
import { DataError, messageOf } from "../../core/errors.js";
import { checkInterrupted, ProgressMeter } from "../../core/progress.js";
import { writeFileAtomically } from "../../core/write-file.js";
import type { CatalogFile } from "./catalog.js";
import { mismatch } from "./checksum.js";
import { type Answer, ask, type Connections, Transient } from "./request.js";

/** What a download works with. */
export interface DownloadContext {
  /** Connections from `openConnections`. */
  readonly connections: Connections;
  /** Aborts; what has come so far is kept. */
  readonly signal: AbortSignal;
  /** Milliseconds before each new try; its length is the number of tries in a row that bring nothing. */
  readonly delays: readonly number[];
  /** Told what goes wrong and is tried again. */
  readonly note: (text: string) => void;
}

/** What is known of a part that lies on disk. */
interface PartNote {
  readonly url: string;
  /** Strong ETag or Last-Modified of the answer that the part came from. */
  readonly validator?: string;
}

/**
 * Downloads a file next to its place, resuming what came before, verifies it and moves it into place.
 *
 * @param url - where it is: the catalog's address or the mirror's
 * @param path - its place; the part lies in `path` + ".part" until it is whole
 * @param file - size and checksum
 * @param context - connections, signal, delays
 * @throws DataError when the server refuses or sends other content, which is then kept as `path` + ".mismatch"
 * @throws Transient when the tries are used up
 * @throws Aborted when interrupted
 */
export async function download(
  url: string,
  path: string,
  file: Pick<CatalogFile, "path" | "bytes" | "rounded" | "md5" | "sha256">,
  context: DownloadContext,
): Promise<void> {
  const part = `${path}.part`;
  let failures = 0;
  for (let resumed = false; ; ) {
    checkInterrupted(context.signal);
    const before = await sizeOf(part);
    let complaint: string;
    let waitMs: number | undefined;
    try {
      resumed = await receive(url, part, file, context);
      const wrong = await mismatch(part, file);
      const size = await sizeOf(part);
      if (!wrong) break;
      const short = size < file.bytes * (file.rounded ? 0.98 : 1);
      if (!short && !resumed) return setAside(path, wrong, size, file.bytes);
      complaint = short
        ? `the file ended after ${size} of ${file.bytes} bytes`
        : "the resumed file has another checksum";
      if (!short) await discardPart(part);
    } catch (error) {
      checkInterrupted(context.signal);
      if (error instanceof DataError || isDiskError(error)) throw error;
      complaint = messageOf(error);
      if ((error as NodeJS.ErrnoException).code === "ENOTFOUND") throw new Transient(complaint);
      waitMs = error instanceof Transient ? error.waitMs : undefined;
    }
    failures = (await sizeOf(part)) > before ? 0 : failures + 1;
    if (failures > context.delays.length) {
      throw new Transient(complaint);
    }
    const pause = waitMs ?? context.delays[Math.max(0, failures - 1)] ?? 0;
    context.note(
      `${file.path}: ${complaint}; trying again${pause >= 1000 ? ` in ${Math.round(pause / 1000)} s` : ""}`,
    );
    await sleep(pause, context.signal);
  }
  await rename(part, path);
  await rm(`${part}.json`, { force: true });
}

/** @returns whether the part was continued rather than begun */
async function receive(
  url: string,
  part: string,
  file: Pick<CatalogFile, "path" | "bytes" | "rounded">,
  context: DownloadContext,
): Promise<boolean> {
  const known = await readNote(part);
  const there = await sizeOf(part);
  const validator = known?.url === url ? known.validator : undefined;
  const headers: Record<string, string> = { "user-agent": "dn2", "accept-encoding": "identity" };
  if (there > 0 && validator) Object.assign(headers, { range: `bytes=${there}-`, "if-range": validator });
  const answer = await ask(url, headers, context.connections, context.signal);
  if (answer.status === 416) {
    answer.body.on("error", () => {}).destroy();
    const total = Number(/\/(\d+)$/.exec(answer.headers["content-range"] ?? "")?.[1]);
    if (total === there) return true;
    await discardPart(part);
    throw new Transient("the server has no such part of the file");
  }
  const start = answer.status === 206 ? startOf(answer, there) : 0;
  if (start === 0) {
    await rm(part, { force: true });
    await writeFileAtomically(`${part}.json`, JSON.stringify({ url, validator: validatorOf(answer) }));
  }
  await store(answer, part, start, file, context);
  return start > 0;
}

async function store(
  answer: Answer,
  part: string,
  start: number,
  file: Pick<CatalogFile, "path" | "bytes" | "rounded">,
  { signal }: DownloadContext,
): Promise<void> {
  const announced = Number(answer.headers["content-length"]);
  const total = Number.isSafeInteger(announced) ? start + announced : Math.max(file.bytes, start);
  const most = Math.ceil(file.bytes * (file.rounded ? 4 : 1.01)) + (1 << 16);
  const meter = new ProgressMeter(`fetching ${file.path}`, total, "bytes", signal);
  meter.skip(start);
  const target = await open(part, start > 0 ? "r+" : "w");
  try {
    let position = start;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      if (position + chunk.length > most) {
        throw new DataError(
          `${file.path} must have ${file.bytes} bytes; the server sends more than ${most}: what came is in ${part}`,
          part,
        );
      }
      // Written while nothing more can arrive, so that little is ever held in memory.
      for (let at = 0; at < chunk.length; ) {
        at += writeSync(target.fd, chunk, at, chunk.length - at, position + at);
      }
      position += chunk.length;
      await meter.add(chunk.length);
    }
    await target.sync();
  } finally {
    await target.close();
    meter.close();
  }
}

function startOf(answer: Answer, there: number): number {
  const start = Number(/^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1]);
  if (start === there) return start;
  answer.body.on("error", () => {}).destroy();
  throw new DataError(`the server was asked for the bytes from ${there} on and sent those from ${start} on`);
}

function validatorOf({ headers }: Answer): string | undefined {
  const { etag } = headers;
  return etag?.startsWith('"') ? etag : headers["last-modified"];
}

async function setAside(
  path: string,
  wrong: { required: string; came: string },
  size: number,
  bytes: number,
): Promise<never> {
  const aside = `${path}.mismatch`;
  await rename(`${path}.part`, aside);
  await rm(`${path}.part.json`, { force: true });
  throw new DataError(
    `${path} must have ${wrong.required} and about ${bytes} bytes; what came has ${wrong.came} and ${size} bytes and is kept as ${aside}`,
    aside,
  );
}

async function discardPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

async function readNote(part: string): Promise<PartNote | undefined> {
  try {
    return JSON.parse(await readFile(`${part}.json`, "utf8"));
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
  checkInterrupted(signal);
}
