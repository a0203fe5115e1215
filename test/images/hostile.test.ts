import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { DataError } from "../../src/core/errors.js";
import type { ImageSource } from "../../src/core/image.js";
import { type BadImage, decodeImage, encodePng, loadImages, readImage } from "../../src/images/index.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pixels = {
  width: 3,
  height: 2,
  channels: 3,
  data: Uint8Array.from({ length: 18 }, (_, i) => i),
} as const;
const goodPng = encodePng(pixels);

function latin(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function join8(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function numbers(size: 2 | 4, little: boolean, ...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [i, value] of values.entries()) {
    if (size === 2) view.setUint16(2 * i, value, little);
    else view.setUint32(4 * i, value, little);
  }
  return new Uint8Array(view.buffer);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = join8(latin(name), data);
  return join8(numbers(4, false, data.length), named, numbers(4, false, crc32(named)));
}

function png(width: number, height: number, data: Uint8Array): Uint8Array {
  const header = join8(numbers(4, false, width, height), Uint8Array.of(8, 2, 0, 0, 0));
  return join8(
    latin("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array(0)),
  );
}

function bmp(width: number, height: number): Uint8Array {
  const size = numbers(4, true, 40, width, height);
  return join8(latin("BM"), numbers(4, true, 54, 0, 54), size, numbers(2, true, 1, 24), new Uint8Array(64));
}

function jpeg(width: number, height: number, marker = 0xc0): Uint8Array {
  const size = numbers(2, false, height, width);
  const frame = join8(Uint8Array.of(0xff, marker, 0, 11, 8), size, Uint8Array.of(1, 1, 0x11, 0));
  return join8(Uint8Array.of(0xff, 0xd8), frame, Uint8Array.of(0xff, 0xd9));
}

function tiff(entries: readonly (readonly [number, number])[], rest = new Uint8Array(0)): Uint8Array {
  const directory = entries.map(([tag, value]) =>
    join8(numbers(2, true, tag, 4), numbers(4, true, 1, value)),
  );
  return join8(
    latin("II*\0"),
    numbers(4, true, 8),
    numbers(2, true, entries.length),
    ...directory,
    numbers(4, true, 0),
    rest,
  );
}

function webp(width: number, height: number): Uint8Array {
  const bits = (width - 1) | ((height - 1) << 14);
  const data = join8(Uint8Array.of(0x2f), numbers(4, true, bits >>> 0), Uint8Array.of(0));
  return join8(
    latin("RIFF"),
    numbers(4, true, 12 + data.length),
    latin("WEBPVP8L"),
    numbers(4, true, data.length),
    data,
  );
}

const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["empty.png", new Uint8Array(0), /empty/],
  ["text.jpg", latin("this is a text and no image at all\n"), /no image/],
  ["zeros.bmp", new Uint8Array(100), /no image/],
  ["page.png", latin("<!doctype html><title>404</title>"), /no image/],
  ["picture.gif.png", latin("GIF89a\x01\0\x01\0"), /GIF file/],
  ["named.jpg", goodPng, /\.jpg but it is a PNG file; rename it to \.png/],
  ["named.PNG", jpeg(1, 1), /\.png but it is a JPEG file/],
  [
    "huge.png",
    png(60000, 60000, deflateSync(new Uint8Array(1000))),
    /60000 x 60000 pixels; at most 100 megapixels/,
  ],
  ["huge.bmp", bmp(60000, 60000), /60000 x 60000/],
  ["huge.jpg", jpeg(60000, 60000), /60000 x 60000/],
  [
    "huge.tif",
    tiff([
      [256, 60000],
      [257, 60000],
      [262, 1],
    ]),
    /60000 x 60000/,
  ],
  ["large.webp", webp(16383, 16383), /16383 x 16383/],
  ["flat.png", png(0, 5, deflateSync(new Uint8Array(5))), /0 x 5/],
  ["flat.bmp", bmp(0, 7), /0 x 7/],
  ["flat.jpg", jpeg(0, 7), /0 x 7/],
  ["hollow.png", png(9000, 9000, deflateSync(new Uint8Array(1000))), /cannot hold 9000 x 9000/],
  ["hollow.bmp", bmp(9000, 9000), /cut off/],
  ["hollow.jpg", jpeg(9000, 9000), /cannot hold 9000 x 9000/],
  [
    "hollow.tif",
    tiff([
      [256, 9000],
      [257, 9000],
      [258, 8],
      [262, 1],
      [273, 8],
      [279, 10],
    ]),
    /cut off/,
  ],
  ["bomb.png", png(4, 4, deflateSync(new Uint8Array(30_000_000))), /more pixel data than its header says/],
  ["cropped.png", png(40, 40, deflateSync(new Uint8Array(300))), /less pixel data than its header says/],
  ["none.png", latin("\x89PNG\r\n\x1a\n"), /cut off/],
  ["none.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /no picture/],
  ["lossless.jpg", jpeg(8, 8, 0xc3), /lossless/],
  ["arithmetic.jpg", jpeg(8, 8, 0xc9), /arithmetic/],
  [
    "fax.tif",
    tiff([
      [256, 8],
      [257, 1],
      [262, 0],
      [259, 4],
      [273, 8],
      [279, 1],
    ]),
    /compression \(CCITT fax\)/,
  ],
  ["empty.tif", tiff([]), /0 x 0/],
  ["loose.tif", join8(latin("II*\0"), numbers(4, true, 4_000_000_000)), /damaged/],
];

describe("files that are no images", () => {
  it.each(cases)("refuses %s, naming file and reason, within 200 MB", async (name, bytes, reason) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const before = process.memoryUsage().rss;
    const error = await readImage(path).catch((e) => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(reason);
    expect(error.message).toContain(path);
    expect(error.message.split("\n")).toHaveLength(1);
    expect(error.path).toBe(path);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(200);
  });

  it("refuses a TIFF strip that expands without end", async () => {
    const entries = [
      [256, 4],
      [257, 4],
      [258, 8],
      [259, 8],
      [262, 1],
      [278, 4],
    ] as const;
    const strip = deflateSync(new Uint8Array(30_000_000));
    const start = 8 + 2 + 12 * (entries.length + 2) + 4;
    const file = tiff([...entries, [273, start], [279, strip.length]], strip);
    await expect(decodeImage(file)).rejects.toThrow(/more pixel data than its header says/);
  });

  it("says when the file is missing or a folder", async () => {
    mkdirSync(join(folder, "sub.png"));
    await expect(readImage(join(folder, "missing.png"))).rejects.toThrow(
      /missing\.png: there is no such file/,
    );
    await expect(readImage(join(folder, "sub.png"))).rejects.toThrow(/sub\.png: it is no file/);
  });

  it("decodes by content where the name says nothing", async () => {
    expect((await decodeImage(goodPng)).width).toBe(3);
    expect((await decodeImage(goodPng, { path: "scan.001" })).data).toEqual(pixels.data);
  });

  it("lists the valid options", async () => {
    await expect(decodeImage(goodPng, { file: "a" } as never)).rejects.toThrow(/valid options are path/);
  });
});

describe("loading many", () => {
  const good = join(folder, "good.png");
  const bad = join(folder, "bad.png");
  const sources: ImageSource[] = [
    { kind: "file", path: bad },
    { kind: "pixels", image: pixels },
    { kind: "file", path: good },
    { kind: "file", path: join(folder, "gone.png") },
  ];

  it("keeps the good images in order and reports the bad", async () => {
    writeFileSync(good, goodPng);
    writeFileSync(bad, goodPng.slice(0, 40));
    const reports: BadImage[] = [];
    const kept: number[] = [];
    for await (const { index, image } of loadImages(sources, { onBad: (b) => reports.push(b) })) {
      kept.push(index);
      expect(image.data).toEqual(pixels.data);
    }
    expect(kept).toEqual([1, 2]);
    expect(reports.map((b) => [b.index, b.path])).toEqual([
      [0, bad],
      [3, join(folder, "gone.png")],
    ]);
    expect(reports[0].reason).toMatch(/bad\.png: it is cut off/);
  });

  it("stops at the first bad file when nobody listens", async () => {
    const all = loadImages(sources);
    await expect(all.next()).rejects.toThrow(DataError);
  });
});
