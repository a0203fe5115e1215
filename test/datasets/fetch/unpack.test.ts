import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { unpackArchive } from "../../../src/datasets/fetch/unpack.js";
import { hashFiles } from "../../../src/datasets/hash.js";
import { deflated, type ZipPart, zipOf } from "../../helpers/zip.js";
import { temporaryFolder } from "../fabricate.js";

const files = { "Dataset 1/1.bmp": "one", "Dataset 1/2.bmp": "two", "labels.csv": "1,2" };

async function rule() {
  const sha256 = await hashFiles(temporaryFolder(files), Object.keys(files));
  return { keep: ["Dataset 1/", "labels.csv"], leaveOut: ".png", files: 3, bytes: 9, sha256 };
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

async function tarOf(entries: [Partial<Header>, string?][]): Promise<string> {
  const archive = pack();
  for (const [header, text] of entries) archive.entry(header as Header, text ?? "");
  archive.finalize();
  return written("archive.tar.gz", gzipSync(await buffer(archive)));
}

/** The sentence with which an archive is refused; nothing of it is left in the folder. */
async function refusal(archive: string): Promise<string> {
  const parent = temporaryFolder();
  const error = await unpackArchive(archive, join(parent, "wbc"), await rule()).then(
    () => new Error("it was unpacked"),
    (thrown: Error) => thrown,
  );
  expect(readdirSync(parent)).toEqual([]);
  expect(existsSync(archive)).toBe(true);
  return `${error.name}: ${error.message}`;
}

async function unpacked(archive: string) {
  const folder = join(temporaryFolder(), "wbc");
  await unpackArchive(archive, folder, await rule());
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8")];
      }),
  );
}

describe("a .tar.gz archive", () => {
  const good: [Partial<Header>, string?][] = Object.entries(files).map(([name, text]) => [
    { name: `top/${name}` },
    text,
  ]);

  it("keeps the wanted files without the top folder", async () => {
    const others: typeof good = [
      [{ name: "top/Dataset 1/1.png" }, "mask"],
      [{ name: "top/README" }, "x"],
      [{ name: "top/link", type: "symlink", linkname: "README" }],
    ];
    expect(await unpacked(await tarOf([...good, ...others]))).toEqual(files);
  });

  it.each<[string, [Partial<Header>, string?][], RegExp]>([
    ["a path with ..", [[{ name: "top/Dataset 1/../../x" }, "x"]], /paths that stay inside/],
    ["an absolute path", [[{ name: "/etc/x" }, "x"]], /paths that stay inside/],
    ["a path with a backslash", [[{ name: "top/Dataset 1\\x" }, "x"]], /paths that stay inside/],
    [
      "a symbolic link",
      [[{ name: "top/Dataset 1/3.bmp", type: "symlink", linkname: "/etc/hosts" }]],
      /is a link/,
    ],
    ["too many files", [...good, [{ name: "top/Dataset 1/3.bmp" }, ""]], /holds more/],
    ["too many bytes", [[{ name: "top/labels.csv" }, "x".repeat(100)]], /at most 9 bytes/],
    ["a file twice", [good[0], good[0]], /holds more/],
    ["other content", [good[0], good[1], [{ name: "top/labels.csv" }, "1,3"]], /sha256/],
    ["too few files", good.slice(1), /must hold 3 of the wanted files; it holds 2/],
  ])("refuses %s and leaves nothing behind", async (_, entries, message) => {
    expect(await refusal(await tarOf(entries))).toMatch(message);
  });

  it("is refused when it is cut off anywhere", async () => {
    const whole = readFileSync(await tarOf(good));
    for (const length of [0, 1, 20, 60, whole.length - 9]) {
      expect(await refusal(written("cut.tar.gz", whole.subarray(0, length)))).toMatch(/^DataError: /);
    }
  });
});

describe("a .zip archive", () => {
  const good = Object.entries(files).map(([name, text]) => deflated(`top/${name}`, text));
  const zip = (parts: readonly ZipPart[], options = {}) => written("archive.zip", zipOf(parts, options));

  it("keeps the wanted files without the top folder, stored or deflated, told apart from tar by content", async () => {
    const stored = { name: "top/labels.csv", bytes: Buffer.from("1,2") };
    const folders = ["top/", "top/Dataset 1/"].map((name) => ({ name, bytes: new Uint8Array() }));
    const others = [deflated("top/Dataset 1/1.png", "mask"), deflated("top/README", "x".repeat(1e6))];
    const archive = zip([...folders, ...good.slice(0, 2), stored, ...others]);
    expect(await unpacked(archive)).toEqual(files);
    const misnamed = written("archive.tar.gz", readFileSync(archive));
    expect(await unpacked(misnamed)).toEqual(files);
  });

  it("takes away what a process left that was killed while it unpacked, and nothing else", async () => {
    const left = `wbc.${randomUUID()}.tmp`;
    const parent = temporaryFolder({ [`${left}/1.bmp`]: "half", "wbc.tmp": "mine", "wbc.notes.tmp": "mine" });
    await unpackArchive(zip(good), join(parent, "wbc"), await rule());
    expect(readdirSync(parent).sort()).toEqual(["wbc", "wbc.notes.tmp", "wbc.tmp"]);
  });

  it("is read with the 64-bit extension", async () => {
    expect(await unpacked(zip(good, { long: true }))).toEqual(files);
  });

  it.each(["git-archive.zip", "zip64.zip"])("is read as other programs write it: %s", async (name) => {
    const archive = join(import.meta.dirname, "../../golden/archives", name);
    const wanted = { ...files, "Dataset 1/1.bmp": "one ".repeat(100) };
    const sha256 = await hashFiles(temporaryFolder(wanted), Object.keys(wanted));
    const folder = join(temporaryFolder(), "set");
    await unpackArchive(archive, folder, { ...(await rule()), bytes: 406, sha256 });
    expect(readFileSync(join(folder, "Dataset 1", "1.bmp"), "utf8")).toBe(wanted["Dataset 1/1.bmp"]);
  });

  it.each<[string, ZipPart[], RegExp]>([
    ["a path with ..", [deflated("top/Dataset 1/../../x", "x")], /a path that leads outside/],
    ["an absolute path", [deflated("/etc/x", "x")], /a path that leads outside/],
    ["a path with a drive", [deflated("C:\\x", "x")], /a path that leads outside/],
    ["a path with a backslash", [deflated("top/Dataset 1\\x", "x")], /paths that stay inside/],
    [
      "a wanted symbolic link",
      [{ ...deflated("top/Dataset 1/3.bmp", "/etc/hosts"), mode: 0o120777 }],
      /is a link/,
    ],
    ["too many files", [...good, deflated("top/Dataset 1/3.bmp", "")], /holds more/],
    ["too many bytes", [deflated("top/labels.csv", "x".repeat(100))], /at most 9 bytes/],
    ["a file twice", [...good, good[0]], /it has two parts named/],
    ["other content", [...good.slice(0, 2), deflated("top/labels.csv", "1,3")], /sha256/],
    ["too few files", good.slice(1), /must hold 3 of the wanted files; it holds 2/],
    [
      "a file that unpacks to more than stated",
      [{ ...deflated("top/labels.csv", "x".repeat(1e6)), size: 3 }],
      /must have 3 bytes; it has more/,
    ],
    [
      "a file that unpacks to less than stated",
      [{ ...deflated("top/labels.csv", "1"), size: 3 }],
      /is damaged/,
    ],
    ["a wrong CRC-32", [{ ...good[0], crc: 1 }], /"top\/Dataset 1\/1.bmp" is damaged/],
    ["an encrypted file", [{ ...good[0], flags: 1 }], /is encrypted/],
    ["a rare packing", [{ ...good[0], method: 12 }], /is packed by method 12/],
    ["content that is not deflated", [{ ...good[0], bytes: Buffer.from("////") }], /cannot be unpacked/],
    [
      "another name in the file's own header",
      [{ ...good[0], localName: "top/Dataset 1/9.bmp" }],
      /has two names/,
    ],
    ["a file outside the archive", [{ ...good[0], offset: 1e6 }], /lies outside the file/],
  ])("refuses %s and leaves nothing behind", async (_, parts, message) => {
    expect(await refusal(zip(parts))).toMatch(message);
  });

  it("is refused when it is cut off anywhere, and when its list claims more than it has", async () => {
    const whole = readFileSync(zip(good));
    for (let length = 0; length < whole.length; length += 7) {
      expect(await refusal(written("cut.zip", whole.subarray(0, length)))).toMatch(/^DataError: /);
    }
    for (const [place, value] of [
      [whole.length - 12, 60_000],
      [whole.length - 6, 60_000],
    ]) {
      const lying = Buffer.from(whole);
      lying.writeUInt16LE(value, place);
      expect(await refusal(written("lying.zip", lying))).toMatch(/^DataError: /);
    }
  });

  it("is refused before anything is unpacked when a small archive claims to be huge", async () => {
    const huge = { ...deflated("top/labels.csv", Buffer.alloc(1e6)), size: 2 ** 32 - 2 };
    expect(await refusal(zip([huge]))).toMatch(/at most 9 bytes/);
  });

  it("never makes other files than its list has, whatever single byte is damaged", async () => {
    const whole = readFileSync(zip(good));
    for (let at = 0; at < whole.length; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0x55;
      const archive = written("damaged.zip", damaged);
      const outcome = await unpacked(archive).catch((error: Error) => error.name);
      if (typeof outcome === "string") expect(outcome).toBe("DataError");
      else expect(outcome).toEqual(files);
    }
  });
});
