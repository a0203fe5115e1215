import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { onTestFinished } from "vitest";

/** Content of files by posix path. */
export type Files = Record<string, Uint8Array | string>;

/** A folder with these files, removed when the test ends. */
export function temporaryFolder(files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "dn2-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A .tar.gz archive of these files. */
export async function tarGz(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** CIFAR records: the label bytes, then 1024 red, green and blue bytes each of one value. */
export function cifarRecords(records: { labels: number[]; rgb: [number, number, number] }[]): Buffer {
  return Buffer.concat(
    records.map(({ labels, rgb }) =>
      Buffer.concat([Buffer.from(labels), ...rgb.map((value) => Buffer.alloc(1024, value))]),
    ),
  );
}

/** An idx file of unsigned bytes. */
export function idx(shape: number[], data: ArrayLike<number>, magic = 0x0800 + shape.length): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(magic);
  shape.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Buffer.from(Array.from(data))]);
}

/** Runs with DN2_DATA naming these folders and with an empty cache. */
export async function withDataFolders<T>(folders: string[], work: () => Promise<T>): Promise<T> {
  const { DN2_DATA, DN2_CACHE } = process.env;
  process.env.DN2_DATA = folders.join(process.platform === "win32" ? ";" : ":");
  process.env.DN2_CACHE = join(temporaryFolder(), "cache");
  try {
    return await work();
  } finally {
    for (const [name, value] of Object.entries({ DN2_DATA, DN2_CACHE })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
