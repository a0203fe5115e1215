import { createHash } from "node:crypto";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import { readCifar10, readCifar100 } from "../../src/datasets/cifar.js";
import { cifarRecords, type Files, tarGz, temporaryFolder } from "./fabricate.js";

const names10 = "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n";
const cifar10: Files = {
  "cifar-10-batches-bin/batches.meta.txt": names10,
  "cifar-10-batches-bin/test_batch.bin": cifarRecords([{ labels: [9], rgb: [7, 8, 9] }]),
  "cifar-10-batches-bin/data_batch_2.bin": cifarRecords([{ labels: [2], rgb: [4, 5, 6] }]),
  "cifar-10-batches-bin/readme.html": "<html>",
  "cifar-10-batches-bin/data_batch_1.bin": cifarRecords([
    { labels: [0], rgb: [1, 2, 3] },
    { labels: [3], rgb: [10, 20, 30] },
  ]),
};
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `name_${i}`).join("\n");
const cifar100: Files = {
  "cifar-100-binary/coarse_label_names.txt": numbered(20),
  "cifar-100-binary/fine_label_names.txt": numbered(100),
  "cifar-100-binary/train.bin": cifarRecords([{ labels: [4, 77], rgb: [1, 2, 3] }]),
  "cifar-100-binary/test.bin": cifarRecords([{ labels: [19, 99], rgb: [4, 5, 6] }]),
};

async function archive(
  files: Files,
  change: (bytes: Buffer) => Uint8Array = (bytes) => bytes,
): Promise<string> {
  return join(temporaryFolder({ "cifar.tar.gz": change(await tarGz(files)) }), "cifar.tar.gz");
}

describe("readCifar10", () => {
  it("reads batches in their order, whatever their order in the archive, and interleaves the color planes", async () => {
    const data = await readCifar10(await archive(cifar10));
    expect(data.train.ids).toEqual(["data_batch_1.bin#0", "data_batch_1.bin#1", "data_batch_2.bin#0"]);
    expect([...data.train.labels]).toEqual([0, 3, 2]);
    expect(data.test.ids).toEqual(["test_batch.bin#0"]);
    expect(data.classNames[9]).toBe("truck");
    const source = data.train.source(2);
    if (source.kind !== "pixels") throw new Error("pixels expected");
    expect([source.image.width, source.image.height, source.image.channels]).toEqual([32, 32, 3]);
    expect([...source.image.data.subarray(0, 6)]).toEqual([4, 5, 6, 4, 5, 6]);
    expect(source.image.data.length).toBe(3072);
  });

  it("reads the same from the unpacked folder", async () => {
    const folder = join(temporaryFolder(cifar10), "cifar-10-batches-bin");
    const unpacked = await readCifar10(folder);
    const packed = await readCifar10(await archive(cifar10));
    expect(unpacked.train.ids).toEqual(packed.train.ids);
    expect(unpacked.train.source(1)).toEqual(packed.train.source(1));
    expect(await unpacked.contentHash()).toMatch(/^[0-9a-f]{64}$/);
  });

  it("has the sha256 of the archive as content hash, and says what part of the original it is", async () => {
    const bytes = await tarGz(cifar10);
    const data = await readCifar10(join(temporaryFolder({ "small.tar.gz": bytes }), "small.tar.gz"));
    expect(await data.contentHash()).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(data.notes).toEqual([
      "small.tar.gz is a subset of the original: 3 of 50000 training and 1 of 10000 test images",
    ]);
    expect(data.toString()).toBe(
      "cifar10: 3 training and 1 test images, 10 classes, 3 of them with training images",
    );
  });

  it("refuses an archive without one of the files it needs", async () => {
    for (const missing of ["batches.meta.txt", "data_batch_1.bin", "test_batch.bin"]) {
      const { [`cifar-10-batches-bin/${missing}`]: _, ...rest } = cifar10;
      await expect(readCifar10(await archive(rest))).rejects.toThrow(`must hold ${missing}`);
    }
  });

  it("refuses a label that is no class, naming the image", async () => {
    const bad = { ...cifar10, "x/data_batch_3.bin": cifarRecords([{ labels: [10], rgb: [0, 0, 0] }]) };
    await expect(readCifar10(await archive(bad))).rejects.toThrow(
      /labels in data_batch_3\.bin of .* must be below 10; image 0 has 10/,
    );
  });

  it("refuses a file that is no whole number of images", async () => {
    for (const size of [0, 3072, 3074]) {
      const bad = { ...cifar10, "cifar-10-batches-bin/test_batch.bin": Buffer.alloc(size) };
      await expect(readCifar10(await archive(bad))).rejects.toThrow(`it has ${size} bytes`);
    }
  });

  it("refuses wrong class names", async () => {
    const bad = { ...cifar10, "cifar-10-batches-bin/batches.meta.txt": "cat\ndog\n" };
    await expect(readCifar10(await archive(bad))).rejects.toThrow("10 different class names");
  });

  it("refuses the same file twice in an archive", async () => {
    const bad = { ...cifar10, "other/test_batch.bin": cifar10["cifar-10-batches-bin/test_batch.bin"] };
    await expect(readCifar10(await archive(bad))).rejects.toThrow(
      "must hold one test_batch.bin; it holds two",
    );
  });

  it("refuses an archive that is cut off anywhere", async () => {
    const whole = await tarGz(cifar10);
    for (const share of [0, 0.001, 0.1, 0.3, 0.5, 0.9, 0.99]) {
      const path = await archive(cifar10, () => whole.subarray(0, Math.floor(whole.length * share)));
      await expect(readCifar10(path), `cut at ${share}`).rejects.toThrow(DataError);
    }
  });

  it("refuses a gzip stream whose tar is cut off", async () => {
    const tar = gunzipSync(await tarGz(cifar10));
    for (const length of [100, 700, 4000, tar.length - 1100 - 3073]) {
      const path = await archive(cifar10, () => gzipSync(tar.subarray(0, length)));
      await expect(readCifar10(path), `cut at ${length}`).rejects.toThrow(DataError);
    }
  });

  it("refuses what is no gzip stream, and a gzip stream that is no tar", async () => {
    for (const bytes of [Buffer.from("<html>not found</html>"), gzipSync(Buffer.alloc(5000, 65))]) {
      await expect(readCifar10(await archive(cifar10, () => bytes))).rejects.toThrow(
        "is not a whole .tar.gz archive",
      );
    }
  });

  it("refuses a damaged byte", async () => {
    const path = await archive(cifar10, (bytes) => {
      bytes[bytes.length - 6] ^= 1;
      return bytes;
    });
    await expect(readCifar10(path)).rejects.toThrow(DataError);
  });

  it("refuses a header that promises more than any version of the data set holds", async () => {
    const tar = gunzipSync(await tarGz({ "a/test_batch.bin": "x" }));
    tar.write("77777777777\0", 124, "latin1");
    tar.write("        ", 148, "latin1");
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    await expect(readCifar10(await archive({}, () => gzipSync(tar)))).rejects.toThrow("must have at most");
  });
});

describe("readCifar100", () => {
  it("has the coarse classes by default and the fine ones on request", async () => {
    const path = await archive(cifar100);
    const coarse = await readCifar100(path);
    const fine = await readCifar100(path, { fine: true });
    expect(coarse.classNames).toHaveLength(20);
    expect([coarse.train.labels[0], coarse.test.labels[0]]).toEqual([4, 19]);
    expect(fine.classNames).toHaveLength(100);
    expect([fine.train.labels[0], fine.test.labels[0]]).toEqual([77, 99]);
    expect(fine.test.ids).toEqual(["test.bin#0"]);
    expect(fine.train.source(0)).toMatchObject({ image: { data: { 0: 1, 1: 2, 2: 3, 3071: 3 } } });
  });
});
