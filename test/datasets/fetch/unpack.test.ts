import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { unpackTarGz } from "../../../src/datasets/fetch/unpack.js";
import { hashFiles } from "../../../src/datasets/hash.js";
import { temporaryFolder } from "../fabricate.js";

const files = { "Dataset 1/1.bmp": "one", "Dataset 1/2.bmp": "two", "labels.csv": "1,2" };

async function archiveOf(entries: [Partial<Header>, string?][]): Promise<string> {
  const archive = pack();
  for (const [header, text] of entries) archive.entry(header as Header, text ?? "");
  archive.finalize();
  const path = join(temporaryFolder(), "archive.tar.gz");
  writeFileSync(path, gzipSync(await buffer(archive)));
  return path;
}

const good: [Partial<Header>, string?][] = Object.entries(files).map(([name, text]) => [
  { name: `top/${name}` },
  text,
]);

async function rule() {
  const sha256 = await hashFiles(temporaryFolder(files), Object.keys(files));
  return { keep: ["Dataset 1/", "labels.csv"], leaveOut: ".png", files: 3, bytes: 9, sha256 };
}

describe("unpackTarGz", () => {
  it("keeps the wanted files without the top folder", async () => {
    const archive = await archiveOf([
      ...good,
      [{ name: "top/Dataset 1/1.png" }, "mask"],
      [{ name: "top/README" }, "x"],
    ]);
    const folder = join(temporaryFolder(), "wbc");
    await unpackTarGz(archive, folder, await rule());
    expect(readdirSync(folder).sort()).toEqual(["Dataset 1", "labels.csv"]);
    expect(readFileSync(join(folder, "Dataset 1", "2.bmp"), "utf8")).toBe("two");
    expect(readdirSync(join(folder, "Dataset 1"))).toEqual(["1.bmp", "2.bmp"]);
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
    const archive = await archiveOf(entries);
    const parent = temporaryFolder();
    await expect(unpackTarGz(archive, join(parent, "wbc"), await rule())).rejects.toThrow(message);
    expect(readdirSync(parent)).toEqual([]);
  });

  it("refuses an archive that is cut off", async () => {
    const archive = await archiveOf(good);
    writeFileSync(archive, readFileSync(archive).subarray(0, 60));
    const folder = join(temporaryFolder(), "wbc");
    await expect(unpackTarGz(archive, folder, await rule())).rejects.toThrow(/cannot be unpacked/);
    expect(existsSync(folder)).toBe(false);
  });
});
