import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { readFashionMnist } from "../../src/datasets/fashion-mnist.js";
import { type Files, idx, temporaryFolder } from "./fabricate.js";

const pixels = (n: number) => Array.from({ length: n * 784 }, (_, i) => Math.floor(i / 784) + 1);
const good: Files = {
  "train-images-idx3-ubyte.gz": gzipSync(idx([3, 28, 28], pixels(3))),
  "train-labels-idx1-ubyte.gz": gzipSync(idx([3], [0, 9, 5])),
  "t10k-images-idx3-ubyte.gz": gzipSync(idx([1, 28, 28], pixels(1))),
  "t10k-labels-idx1-ubyte.gz": gzipSync(idx([1], [2])),
};
const withFile = (name: string, content: Uint8Array) => temporaryFolder({ ...good, [name]: content });

describe("readFashionMnist", () => {
  it("reads grey images and labels of both splits", async () => {
    const data = await readFashionMnist(temporaryFolder(good));
    expect([...data.train.labels]).toEqual([0, 9, 5]);
    expect(data.train.ids[2]).toBe("train-images-idx3-ubyte#2");
    expect(data.train.source(1)).toMatchObject({
      kind: "pixels",
      image: { width: 28, height: 28, channels: 1, data: { 0: 2, 783: 2 } },
    });
    expect(data.classNames[data.test.labels[0]]).toBe("pullover");
    expect(data.test.length).toBe(1);
  });

  it("reads files that were unpacked already", async () => {
    const folder = temporaryFolder({
      "train-images-idx3-ubyte": idx([1, 28, 28], pixels(1)),
      "train-labels-idx1-ubyte": idx([1], [4]),
      "t10k-images-idx3-ubyte": idx([1, 28, 28], pixels(1)),
      "t10k-labels-idx1-ubyte": idx([1], [2]),
    });
    expect((await readFashionMnist(folder)).train.labels[0]).toBe(4);
  });

  it("has a content hash that changes with any file", async () => {
    const one = await (await readFashionMnist(temporaryFolder(good))).contentHash();
    const same = await (await readFashionMnist(temporaryFolder(good))).contentHash();
    const other = withFile("t10k-labels-idx1-ubyte.gz", gzipSync(idx([1], [3])));
    expect(same).toBe(one);
    expect(await (await readFashionMnist(other)).contentHash()).not.toBe(one);
  });

  it.each<[string, string, Uint8Array, string]>([
    [
      "a wrong magic number",
      "train-labels-idx1-ubyte.gz",
      gzipSync(idx([3], [0, 1, 2], 1234)),
      "magic number 2049; it has magic number 1234",
    ],
    [
      "images where labels belong",
      "train-labels-idx1-ubyte.gz",
      gzipSync(idx([3, 28, 28], pixels(3))),
      "magic number 2049",
    ],
    [
      "missing pixels",
      "train-images-idx3-ubyte.gz",
      gzipSync(idx([4, 28, 28], pixels(3))),
      "must have 3152 bytes",
    ],
    [
      "additional bytes",
      "train-labels-idx1-ubyte.gz",
      gzipSync(idx([3], [0, 1, 2, 3])),
      "must have 11 bytes",
    ],
    [
      "huge sizes",
      "train-images-idx3-ubyte.gz",
      gzipSync(idx([0xffffffff, 0xffffffff, 28], [])),
      "it has 16",
    ],
    [
      "another image size",
      "train-images-idx3-ubyte.gz",
      gzipSync(idx([1, 2, 2], [1, 2, 3, 4])),
      "must be 28 x 28; they are 2 x 2",
    ],
    [
      "fewer labels than images",
      "train-labels-idx1-ubyte.gz",
      gzipSync(idx([2], [0, 1])),
      "must hold 3 labels",
    ],
    [
      "a label that is no class",
      "train-labels-idx1-ubyte.gz",
      gzipSync(idx([3], [0, 10, 1])),
      "image 1 has 10",
    ],
    [
      "a file cut off",
      "train-images-idx3-ubyte.gz",
      gzipSync(idx([3, 28, 28], pixels(3))).subarray(0, 30),
      "not a whole gzip file",
    ],
    ["an empty file", "t10k-labels-idx1-ubyte.gz", new Uint8Array(0), "not a whole gzip file"],
    ["a web page", "t10k-labels-idx1-ubyte.gz", Buffer.from("<html>"), "not a whole gzip file"],
    ["a few bytes", "t10k-labels-idx1-ubyte.gz", gzipSync(Buffer.from("abc")), "it has 3 bytes"],
  ])("refuses %s", async (_, name, content, reason) => {
    const folder = withFile(name, content);
    const error = await readFashionMnist(folder).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(reason);
    expect(error.message).toContain(join(folder, name));
  });

  it("names a missing file", async () => {
    const { "t10k-labels-idx1-ubyte.gz": _, ...rest } = good;
    await expect(readFashionMnist(temporaryFolder(rest))).rejects.toThrow(
      "must hold t10k-labels-idx1-ubyte.gz",
    );
  });
});
