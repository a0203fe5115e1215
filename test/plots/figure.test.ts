import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jupyterDisplay } from "../../src/core/display.js";
import { decodeImage } from "../../src/images/index.js";
import { Figure } from "../../src/plots/figure.js";

const data = [{ type: "bar", x: Float64Array.of(1, 2), y: [1 / 3, null], name: "bars" }];
const figure = new Figure(
  data,
  { width: 300, height: 200, xaxis: { title: { text: "x (mm)" } } },
  "two\nbars",
);

describe("a figure", () => {
  it("holds plain JSON with 6 significant digits", () => {
    expect(figure.data).toEqual([{ type: "bar", x: [1, 2], y: [0.333333, null], name: "bars" }]);
    expect(JSON.parse(JSON.stringify(figure))).toEqual({ ...figure.toJSON() });
    expect(figure.layout).toMatchObject({
      width: 300,
      height: 200,
      template: { layout: { showlegend: false } },
    });
  });

  it("shows itself as live graph, picture and text, never as HTML", async () => {
    const bundle = await figure[jupyterDisplay]();
    expect(Object.keys(bundle)).toEqual(["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
    expect(bundle["application/vnd.plotly.v1+json"]).toMatchObject({
      data: figure.data,
      config: { displaylogo: false },
    });
    expect(bundle["text/plain"]).toBe("Figure: two bars");
    const png = Buffer.from(bundle["image/png"] as string, "base64");
    expect(await decodeImage(png)).toMatchObject({ width: 300, height: 200 });
  });

  it("is drawn the same every time, calls in any order", async () => {
    const other = new Figure(
      [
        {
          type: "heatmap",
          z: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
      { width: 240, height: 200 },
      "heat",
    );
    const [first, , second] = await Promise.all([figure.svg(), other.svg(), figure.svg()]);
    expect(first).toBe(second);
    expect(await figure.png({ scale: 1 })).toEqual(await figure.png({ scale: 1 }));
  });

  it("refuses what cannot be drawn or would run", () => {
    const layout = (text: string) => ({ title: { text } });
    expect(() => new Figure([{ y: [1, Number.NaN] }], {}, "")).toThrow(
      "data[0].y[1] is NaN; use null for a gap",
    );
    expect(() => new Figure([{ y: () => 1 }], {}, "")).toThrow("data[0].y is a function");
    for (const link of [
      "javascript:alert(1)",
      " JAVA&#x73;cript:alert(1)",
      "java&Tab;script:alert(1)",
      "data:text/html,x",
    ]) {
      expect(() => new Figure([], layout(`<a href="${link}">x</a>`), "")).toThrow(
        "links in figures must begin with",
      );
    }
    expect(
      () => new Figure([], layout('<a href="https://example.org">x</a> <a href="#top">y</a>'), ""),
    ).not.toThrow();
  });

  it("refuses unknown options and scales", async () => {
    await expect(figure.png({ size: 2 } as object)).rejects.toThrow(
      "png: unknown option size; valid options are scale",
    );
    await expect(figure.png({ scale: 0 })).rejects.toThrow("scale must be above 0 and at most 8; got 0");
  });
});

describe("a saved figure", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dn2-plots-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is a PNG of twice the size, an SVG or the specification, by the ending of the name", async () => {
    for (const ending of ["png", "svg", "json"]) await figure.save(join(folder, `figure.${ending}`));
    expect(await readdir(folder)).toEqual(["figure.json", "figure.png", "figure.svg"]);
    expect(await decodeImage(await readFile(join(folder, "figure.png")))).toMatchObject({
      width: 600,
      height: 400,
    });
    expect(await readFile(join(folder, "figure.svg"), "utf8")).toContain("x (mm)");
    expect(JSON.parse(await readFile(join(folder, "figure.json"), "utf8"))).toEqual(figure.toJSON());
  });

  it("leaves nothing behind where it cannot be written", async () => {
    await expect(figure.save(join(folder, "figure.gif"))).rejects.toThrow(
      "unknown picture file ending: .gif",
    );
    const file = join(folder, "made", "figure.json");
    await figure.save(file);
    await expect(figure.save(join(file, "figure.json"))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
