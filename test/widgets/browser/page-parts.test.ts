import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, vi } from "vitest";
import { packageRoot } from "../../../src/core/data-folders.js";
import { colorsFor } from "../../../src/widgets/browser/colors.js";
import { createSharedParams } from "../../../src/widgets/browser/shared-params.js";

describe("values that explorers of a page share", () => {
  it("tell those who listen, once for each change, until they end it", () => {
    const shared = createSharedParams();
    const listener = vi.fn();
    const end = shared.listen("k", listener);
    shared.set("k", 2);
    shared.set("k", 2);
    shared.set("other", 1);
    shared.set("k", 3);
    end();
    shared.set("k", 4);
    expect(listener).toHaveBeenCalledTimes(2);
    expect(shared.get("k")).toBe(4);
    expect(shared.get("never")).toBeUndefined();
  });
});

describe("figures on a dark background", () => {
  const text = '{"color":"#0072B2","fillcolor":"rgba(213, 94, 0, 0.18)","font":{"color":"#D55E00"}}';

  it("have brighter colors, and keep them on a light one", () => {
    expect(colorsFor(text, { dark: false, ink: "black" })).toBe(text);
    const dark = colorsFor(text, { dark: true, ink: "white" });
    expect(dark).not.toMatch(/#0072B2|#D55E00|213, 94, 0/);
    expect(Object.keys(JSON.parse(dark))).toEqual(["color", "fillcolor", "font"]);
  });
});

it.each(["explorer", "jupyterlab"])(
  "the browser program %s is small, needs nothing of Node and asks no other machine",
  async (name) => {
    const { outputFiles } = await build({
      entryPoints: [join(packageRoot(), "src", "widgets", "browser", `${name}.ts`)],
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      platform: "browser",
    });
    const [{ text }] = outputFiles;
    expect(text.length).toBeLessThan(200_000);
    expect(text).not.toMatch(/node:|Buffer\.|process\.|https?:\/\/(?!www\.w3\.org)/);
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  },
);
