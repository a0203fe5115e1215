import fc from "fast-check";
import { decode, encode } from "fast-png";
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { aroundPhotos, drawingMark, photosMark } from "../../../src/core/dark-figures.js";
import { localBox, pageBox, runWidth } from "../../../src/plots/static/boxes.js";
import { PixelCanvas } from "../../../src/plots/static/canvas.js";
import { fitText, textWidth } from "../../../src/plots/static/fonts.js";
import { notebookPng } from "../../../src/plots/static/notebook-png.js";
import { toPalette } from "../../../src/plots/static/palette.js";
import { rasterize } from "../../../src/plots/static/raster.js";
import { wrapText } from "../../../src/plots/static/wrap.js";

function svg(content: string): Element {
  const { document } = new JSDOM(`<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`).window;
  return document.querySelector("svg") as Element;
}

describe("text", () => {
  it("is as wide as the advances that the font states", () => {
    expect(textWidth("A", 2048)).toBe(1401);
    expect(textWidth("AA", 2048)).toBe(2802);
    expect(textWidth("A", 2048, "bold")).toBe(1585);
    expect(textWidth("日", 10)).toBe(10);
  });

  it("is shortened at either end until it fits", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 20, max: 200 }), (text, width) => {
        for (const keep of ["start", "end"] as const) {
          expect(textWidth(fitText(text, width, 12, { keep }), 12)).toBeLessThanOrEqual(width + 1e-9);
        }
      }),
    );
    expect(fitText("folder/image 12.png", 70, 12, { keep: "end" })).toBe("…e 12.png");
    expect(fitText("folder/image 12.png", 70, 12)).toBe("folder/im…");
  });

  it("is broken at spaces", () => {
    expect(wrapText("one two three", 60, 12)).toEqual(["one two", "three"]);
    expect(wrapText("indivisible", 30, 12)).toEqual(["in…"]);
  });
});

describe("boxes of an SVG", () => {
  it("follow anchors, lines and font sizes", () => {
    const text = svg(
      '<text x="100" y="50" text-anchor="middle" style="font-size: 10px"><tspan class="line" x="100" y="50">AA</tspan>' +
        '<tspan class="line" dy="1.3em" x="100" y="50"><tspan style="font-weight:bold">A</tspan></tspan></text>',
    ).children[0];
    const half = 14.01 / 2.048 / 2;
    expect(localBox(text)).toEqual({
      left: expect.closeTo(100 - 2 * half, 6),
      right: expect.closeTo(100 + 2 * half, 6),
      top: expect.closeTo(50 - 9.28, 6),
      bottom: expect.closeTo(63 + 2.36, 6),
    });
    expect(runWidth(text.children[1])).toBeCloseTo(15.85 / 2.048, 6);
  });

  it("follow translation, scale and rotation", () => {
    const root = svg(
      '<g transform="translate(10,20)"><g transform="rotate(90)"><rect x="0" y="0" width="4" height="2"/></g>' +
        '<path transform="scale(2)" d="M1,1h3v-2l1,1Z"/></g>',
    );
    expect(pageBox(root.querySelector("rect") as Element)).toEqual({
      left: expect.closeTo(8, 9),
      right: expect.closeTo(10, 9),
      top: expect.closeTo(20, 9),
      bottom: expect.closeTo(24, 9),
    });
    expect(localBox(root.querySelector("path") as Element)).toEqual({
      left: 1,
      top: -1,
      right: 5,
      bottom: 1,
    });
    expect(localBox(root)).toEqual({ left: 8, top: 18, right: 20, bottom: 24 });
    expect(localBox(svg("<g></g>"))).toBeUndefined();
  });
});

describe("a palette", () => {
  it("keeps few colors exactly", () => {
    const pixels = Uint8Array.of(1, 2, 3, 255, 9, 8, 7, 255, 1, 2, 3, 255);
    const { indices, colors } = toPalette(pixels, 256);
    expect(Array.from(indices, (i) => colors[i])).toEqual([
      [1, 2, 3],
      [9, 8, 7],
      [1, 2, 3],
    ]);
  });

  it("comes near many colors and keeps those of large areas", () => {
    const pixels = new Uint8Array(4 * 40_000);
    for (let i = 0; i < 40_000; i++) {
      pixels.set(i < 10_000 ? [255, 255, 255] : [i % 256, (i >> 3) % 256, (i >> 7) % 256], 4 * i);
    }
    const { indices, colors } = toPalette(pixels, 128);
    expect(colors.length).toBeLessThanOrEqual(128);
    expect(colors[indices[0]]).toEqual([255, 255, 255]);
    let error = 0;
    for (let i = 0; i < 40_000; i++) {
      for (let c = 0; c < 3; c++) error += Math.abs(colors[indices[i]][c] - pixels[4 * i + c]);
    }
    expect(error / 120_000).toBeLessThan(12);
  });

  it("gives every pixel a color of the list", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 800 }),
        fc.integer({ min: 2, max: 64 }),
        (bytes, size) => {
          const { indices, colors } = toPalette(bytes.subarray(0, bytes.length & ~3), size);
          expect(colors.length).toBeLessThanOrEqual(size);
          for (const index of indices) expect(colors[index]).toBeDefined();
        },
      ),
    );
  });
});

describe("a picture", () => {
  it("is drawn on white with the packaged font and nothing of the machine's", async () => {
    const text = (family: string) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text x="2" y="15" font-family="${family}">Aä</text></svg>`;
    const drawn = await rasterize(text("DejaVu Sans"), 2, 256);
    expect(await rasterize(text("Comic Sans MS, sans-serif"), 2, 256)).toEqual(drawn);
    const { width, height, palette, data } = decode(drawn);
    expect([width, height]).toEqual([120, 40]);
    expect(palette?.[data[0]]).toEqual([255, 255, 255]);
    expect(new Set(data).size).toBeGreaterThan(5);
  });
});

describe("the picture that a notebook keeps", () => {
  const pixel = (color: string) =>
    `data:image/png;base64,${Buffer.from(
      encode({
        width: 1,
        height: 1,
        channels: 3,
        data: Uint8Array.from(color.match(/../g)!, (part) => Number.parseInt(part, 16)),
      }),
    ).toString("base64")}`;
  const drawing = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">${inside}</svg>`;

  it("tells what lies around photographs and scales of colors by its alpha, also where colors are the same", async () => {
    const image = (x: number, color: string) =>
      `<image x="${x}" y="5" width="10" height="10" preserveAspectRatio="none" xlink:href="${pixel(color)}"/>`;
    const scale =
      '<g class="cbfills"><rect class="cbfill x" style="fill: rgb(9, 9, 9);" x="35" y="0" width="5" height="20"/></g>';
    const over = '<rect x="0" y="0" width="5" height="20" fill="#FFFFFF"/>';
    const drawn = await notebookPng(drawing(image(0, "000000") + image(20, "FFFFFF") + scale + over), 128);
    expect(Buffer.from(drawn).toString("base64")).toContain(photosMark);
    const { data, palette } = decode(drawn, { checkCrc: true });
    const at = (x: number) => palette?.[data[10 * 40 + x]];
    expect([7, 22, 37].map(at)).toEqual([
      [0, 0, 0, 255],
      [255, 255, 255, 255],
      [9, 9, 9, 255],
    ]);
    expect([2, 15, 32].map(at)).toEqual(Array(3).fill([255, 255, 255, aroundPhotos]));
  });

  it("is a drawing as a whole where there is none", async () => {
    const drawn = await notebookPng(drawing('<rect x="1" y="1" width="5" height="5" fill="#0072B2"/>'), 128);
    expect(Buffer.from(drawn).toString("base64")).toContain(drawingMark);
    expect(decode(drawn).palette?.every((color) => color.length === 3)).toBe(true);
  });
});

describe("the canvas", () => {
  it("fills rectangles and takes pixel blocks", () => {
    const canvas = new PixelCanvas(3, 2);
    canvas.fillStyle = "rgba(10, 20, 30, 0.5)";
    canvas.fillRect(0, 0, 2, 1);
    const block = canvas.createImageData(2, 2);
    block.data.fill(255);
    canvas.putImageData(block, 2, 1);
    const { data } = decode(Buffer.from(canvas.toDataURL().split(",")[1], "base64"));
    const pixel = (i: number) => Array.from(data.subarray(4 * i, 4 * i + 4));
    expect([pixel(0), pixel(1), pixel(2), pixel(5)]).toEqual([
      [10, 20, 30, 128],
      [10, 20, 30, 128],
      [0, 0, 0, 0],
      [255, 255, 255, 255],
    ]);
  });
});
