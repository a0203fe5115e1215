import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { packageRoot } from "../../src/core/data-folders.js";
import { jupyterDisplay } from "../../src/core/display.js";
import { explainScore } from "../../src/widgets/explain-score.js";
import { explore } from "../../src/widgets/explore.js";
import type { ExplorerData } from "../../src/widgets/explorer-model.js";
import { createModel } from "../../src/widgets/models/create-model.js";
import { unpack } from "../../src/widgets/packed.js";
import { Param } from "../../src/widgets/param.js";
import { explorerMime, type SavedExplorer } from "../../src/widgets/saved-explorer.js";
import { images, isAnomaly, neighborTable } from "../plots/examples.js";
import { FakeKernel } from "./fake-kernel.js";

const table = await neighborTable();
const pictures = { images: images(), train: images().first(6) };
const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47]).toString("base64").slice(0, 5);
const isBuilt = existsSync(join(packageRoot(), "dist", "browser", "explorer.js"));
if (!isBuilt) console.log("skipped: live explorers need the built browser module (npm run build)");

describe("an explorer", () => {
  it("says where it stands, and follows its Params", () => {
    const k = new Param("k", 3);
    const explorer = explore(table, isAnomaly, { k, distance: "euclidean" });
    expect(explorer.settings).toMatchObject({ k: 3, distance: "euclidean", statistic: "mean" });
    expect(explorer.k).toBe(k);
    const before = explorer.view.readouts;
    k.value = 1;
    expect(explorer.settings.k).toBe(1);
    expect(explorer.view.readouts).not.toEqual(before);
    expect(String(explorer)).toMatch(/^Explorer: Explore; k = 1, distance = euclidean, .*ROCAUC \d+\.\d %/);
  });

  it("moves a shared value into its own range", () => {
    const k = new Param("k", 40);
    expect(explore(table, isAnomaly, { k }).settings.k).toBe(4);
    expect(k.value).toBe(40);
  });

  it("refuses a start that is out of range, unknown options and unknown controls", () => {
    expect(() => explore(table, isAnomaly, { k: 9 })).toThrow("k must be an integer from 1 to 4; got 9");
    expect(() => explore(table, isAnomaly, { distance: "cosine" as never })).toThrow(
      "distance must be one of squared, euclidean; got cosine",
    );
    expect(() => explore(table, isAnomaly, { neighbours: 2 } as never)).toThrow("unknown option neighbours");
    expect(() => explainScore(table, 99)).toThrow(RangeError);
    expect(() => explore(table, isAnomaly).param("threshold")).toThrow(
      "unknown control: threshold; choose from k, distance, statistic, called",
    );
  });

  it("gives its figures as figures, and its picture without a kernel", async () => {
    const explorer = explore(table, isAnomaly, pictures);
    expect(explorer.figures.map((figure) => figure.alt)).toHaveLength(3);
    const bundle = (await explorer[jupyterDisplay]()) ?? {};
    expect(Object.keys(bundle)).toEqual(["image/png", "text/plain"]);
    expect(String(bundle["image/png"]).startsWith(pngStart)).toBe(true);
  });

  it("explains one image", () => {
    const explorer = explainScore(table, "image 7", { ...pictures, isAnomaly, k: 2 });
    expect(explorer.view.galleries.map(({ name }) => name)).toEqual(["image", "neighbors"]);
    expect(explorer.view.galleries[0].tiles).toMatchObject([{ set: "test", index: 7, frame: "anomaly" }]);
  });
});

describe.skipIf(!isBuilt)("an explorer in the notebook kernel", () => {
  let kernel: FakeKernel;

  beforeEach(() => {
    kernel = new FakeKernel();
    kernel.install();
  });
  afterEach(() => kernel.remove());

  const saved = (bundle: Record<string, unknown>) => bundle[explorerMime] as SavedExplorer;
  const receive = (content: object, at = 0) =>
    kernel.comms[at].comm.onMessage?.({ method: "custom", content }, []);

  it("shows itself as a widget, a saved form, a picture and a line, never as HTML", async () => {
    const explorer = explore(table, isAnomaly, pictures);
    expect(await explorer[jupyterDisplay]()).toBeUndefined();
    expect(kernel.shown).toHaveLength(1);
    const { displayId, bundle } = kernel.updated[0];
    expect(displayId).toBe(kernel.shown[0].displayId);
    expect(Object.keys(bundle).sort()).toEqual(
      ["application/vnd.jupyter.widget-view+json", explorerMime, "image/png", "text/plain"].sort(),
    );
    expect(bundle["application/vnd.jupyter.widget-view+json"]).toMatchObject({ model_id: "comm-0" });
  });

  it("gives the page all it needs to answer moves by itself, live and saved", async () => {
    const explorer = explore(table, isAnomaly, { ...pictures, k: 2 });
    await explorer[jupyterDisplay]();
    const { state, buffer_paths: paths, buffers } = kernel.comms[0].opened;
    expect(state).toMatchObject({ _model_module: "anywidget", _model_name: "AnyModel" });
    expect(paths).toEqual(buffers.map((_: unknown, i: number) => ["buffers", i]));
    const form = saved(kernel.updated[0].bundle);
    for (const data of [
      unpack(state.explorer.data, buffers),
      unpack(JSON.parse(JSON.stringify(form.data))),
    ]) {
      const model = createModel(data as ExplorerData);
      expect(model.view({ k: 3 }).readouts).toEqual(
        createModel(data as ExplorerData).view({ k: 3 }).readouts,
      );
      explorer.k.value = 3;
      expect(model.view({ ...model.defaults, k: 3 }).readouts[0]).toEqual(explorer.view.readouts[0]);
    }
    expect(form.params.k).toBe(explorer.k.id);
    expect(form.thumbnails[0].tiles.length).toBeGreaterThan(3);
  });

  it("hears from the page, answers, and tells the page nothing that it knows", async () => {
    const k = new Param("k", 1);
    const seen: number[] = [];
    k.onChange((value) => seen.push(value));
    await explore(table, isAnomaly, { k })[jupyterDisplay]();
    receive({ type: "moved", settings: { k: 4, unknown: 1, distance: 5 } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([4]);
    expect(kernel.comms[0].sent.map(({ data }) => data.content)).toEqual([{ type: "moved" }]);
  });

  it("tells the page at once what code has set, the last value only", async () => {
    const k = new Param("k", 1);
    await explore(table, isAnomaly, { k })[jupyterDisplay]();
    k.value = 2;
    k.value = 3;
    await new Promise((resolve) => setImmediate(resolve));
    expect(kernel.comms[0].sent.map(({ data }) => data)).toMatchObject([
      { method: "update", state: { settings: { k: 3 } } },
    ]);
  });

  it("sends pictures of images that exist, and leaves out others", async () => {
    await explore(table, isAnomaly, pictures)[jupyterDisplay]();
    const places = [
      { set: "test", index: 3 },
      { set: "train", index: 99 },
      { set: "other", index: 0 },
      { set: "train", index: 5 },
    ];
    receive({ type: "thumbnails", places });
    await vi.waitFor(() => expect(kernel.comms[0].sent).toHaveLength(1), { timeout: 60_000 });
    const [{ data, buffers }] = kernel.comms[0].sent;
    expect(data.content.tiles).toEqual([
      ["test", 3, 8, 8],
      ["train", 5, 8, 8],
    ]);
    expect([...buffers[0].subarray(0, 2)]).toEqual([0xff, 0xd8]);
  });

  it("answers a page that asks for the state or for plotly.js", async () => {
    await explore(table, isAnomaly, { k: 2 })[jupyterDisplay]();
    kernel.comms[0].comm.onMessage?.({ method: "request_state" }, []);
    receive({ type: "plotly" });
    const [state, plotly] = kernel.comms[0].sent;
    expect(state.data).toMatchObject({ method: "update", state: { settings: { k: 2 } } });
    expect(state.buffers.length).toBeGreaterThan(0);
    expect(Buffer.from(plotly.buffers[0].subarray(0, 200)).toString()).toContain("plotly.js");
  });

  it("brings the notebook file to the state that is shown once the controls rest", async () => {
    const explorer = explore(table, isAnomaly, { k: 2 });
    await explorer[jupyterDisplay]();
    const before = kernel.updated.length;
    receive({ type: "moved", settings: { k: 3 } });
    receive({ type: "moved", settings: { k: 4 } });
    await vi.waitFor(() => expect(kernel.updated.length).toBe(before + 1), { timeout: 60_000 });
    const { bundle } = kernel.updated[before];
    expect(saved(bundle).settings.k).toBe(4);
    expect(bundle["text/plain"]).toBe(String(explorer));
  });

  it("leaves nothing behind when its cell is run again", async () => {
    const k = new Param("k", 1);
    await explore(table, isAnomaly, { k })[jupyterDisplay]();
    kernel.cell = { id: "b", run: 2 };
    await explainScore(table, 3, { k })[jupyterDisplay]();
    kernel.cell = { id: "a", run: 3 };
    await explore(table, isAnomaly, { k })[jupyterDisplay]();
    expect(kernel.comms.map(({ closed }) => closed)).toEqual([true, false, false]);
    k.value = 2;
    await new Promise((resolve) => setImmediate(resolve));
    expect(kernel.comms.map(({ sent }) => sent.length)).toEqual([0, 1, 1]);
  });

  it("is saved with its picture, without a widget, where no front end answers", async () => {
    kernel.interactive = false;
    await explore(table, isAnomaly, pictures)[jupyterDisplay]();
    expect(kernel.comms).toHaveLength(0);
    expect(Object.keys(kernel.shown[0].bundle).sort()).toEqual(
      [explorerMime, "image/png", "text/plain"].sort(),
    );
  });

  it("can be closed, and opens anew when it is shown again", async () => {
    const explorer = explore(table, isAnomaly);
    await explorer[jupyterDisplay]();
    await explorer[jupyterDisplay]();
    expect(kernel.comms).toHaveLength(1);
    explorer.close();
    expect(kernel.comms[0].closed).toBe(true);
    await explorer[jupyterDisplay]();
    expect(kernel.comms.map(({ closed }) => closed)).toEqual([true, false]);
  });
});
