import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { explorerMime, type SavedExplorer } from "../../src/widgets/saved-explorer.js";
import { LabNotebook, startLab } from "../helpers/jupyter-lab.js";
import { describeInLab, type LabSession, screenshots, writeCells } from "../helpers/lab-session.js";

const longMs = 120_000;
const hostile = '<img src=x onerror="globalThis.broken = true">';

/** Made-up pictures and neighbors, so that nothing has to be extracted. */
const makeTable = `
const random = new dn2.Random("browser");
const picture = () => ({ width: 12, height: 12, channels: 3 as const, data: Uint8Array.from({ length: 432 }, () => random.integer(256)) });
const pictures = (name: string, n: number) => dn2.ImageSet.fromImages(name, Array.from({ length: n }, picture), {
  labels: Array.from({ length: n }, (_, i) => i % 2), classNames: ["round", ${JSON.stringify(hostile)}] });
const [images, train] = [pictures("test", 60), pictures("train", 30)];
const isAnomaly = images.labels;
const [n, kMax] = [60, 20];
const distances = new Float64Array(n * kMax);
for (let i = 0; i < n; i++) {
  let distance = 1 + random.uniform() + 0.7 * isAnomaly[i] * random.uniform();
  for (let j = 0; j < kMax; j++) distances[i * kMax + j] = distance += 0.3 * random.uniform();
}
const indices = Int32Array.from({ length: n * kMax }, (_, i) => i % 30);
const table = new dn2.NeighborTable({ kMax, distances, indices, queryIds: images.ids, trainIds: train.ids });
`;

const cells = [
  makeTable,
  `const k = new dn2.Param("k", 2);
const explorer = dn2.explore(table, isAnomaly, { images, train, k });
explorer`,
  "dn2.explainScore(table, 7, { images, train, isAnomaly, k })",
  "[k.value, explorer.settings.k]",
  "k.value = 3;",
  'console.log("waiting");\nawait new Promise(() => {});',
  'console.log("computing");\nwhile (true) {}',
];
const [makes, explores, explains, tells, sets, waits, computes] = cells.keys();

/** The explorer of the page's n-th output that has one. */
class ExplorerOnPage {
  constructor(
    private readonly notebook: LabNotebook,
    private readonly at: number,
  ) {}

  get root() {
    return this.notebook.page.locator(".jp-OutputArea .dn2x-width > .dn2x").nth(this.at);
  }

  /** Numbers in words, and the curve of a figure. */
  shown(figure: string): Promise<{ words: string; curve: string; k: string }> {
    return this.root.evaluate(
      (root, name) => ({
        words: [...root.querySelectorAll(".dn2x-readout")].map((one) => one.textContent).join(" | "),
        curve: [...root.querySelectorAll(`[data-figure="${name}"] path.js-line`)]
          .map((path) => path.getAttribute("d"))
          .join(" "),
        k: root.querySelector(".dn2x-value")?.textContent ?? "",
      }),
      figure,
    );
  }

  async drawn(): Promise<void> {
    await this.root.locator(".main-svg").first().waitFor({ state: "attached", timeout: longMs });
  }

  setK(value: number): Promise<void> {
    return this.root
      .locator('.dn2x-range[data-setting="k"]')
      .first()
      .fill(String(value), { timeout: longMs });
  }

  /** Waits until numbers and curve are others than before and k is what it should be. */
  async becomes(k: number, before: { words: string; curve: string }, figure: string): Promise<void> {
    await expect
      .poll(
        async () => {
          const now = await this.shown(figure);
          return { k: now.k, words: now.words !== before.words, curve: now.curve !== before.curve };
        },
        { timeout: longMs },
      )
      .toEqual({ k: String(k), words: true, curve: true });
  }
}

let page: LabNotebook;
let explored: ExplorerOnPage;
let explained: ExplorerOnPage;
const needs = {
  fill: (folder: string) => writeCells(folder, "explorers.ipynb", cells),
  begin: async (session: LabSession) => {
    page = await session.open("explorers.ipynb", { width: 1280, height: 1500 });
    explored = new ExplorerOnPage(page, 0);
    explained = new ExplorerOnPage(page, 1);
    for (const cell of [makes, explores, explains]) await page.runCell(cell, longMs);
    await explored.drawn();
    await explained.drawn();
  },
};

describeInLab("explorers in JupyterLab", needs, (session) => {
  const saved = async (cell: number) => {
    const [output] = (await page.outputs())[cell];
    return output && "data" in output ? (output.data as Record<string, unknown>) : {};
  };
  const outputText = async (cell: number) => JSON.stringify((await page.outputs())[cell]);

  it("show numbers, figures and pictures, and ask nothing of the network", async () => {
    expect((await explored.shown("roc")).words).toMatch(/ROCAUC ?\d+\.\d %/);
    expect(await explored.root.locator(".dn2x-figure .main-svg").count()).toBeGreaterThanOrEqual(3);
    await explored.root.locator('.dn2x-picture[style*="blob:"]').first().waitFor({ timeout: longMs });
    await page.screenshot(join(screenshots, "explorers.png"));
    expect(page.pageErrors).toEqual([]);
    expect(page.outsideRequests).toEqual([]);
  });

  it("move together when k is moved in one, and the kernel hears of it", async () => {
    const before = await explored.shown("roc");
    const beforeOther = await explained.shown("rank");
    await explored.setK(9);
    await explored.becomes(9, before, "roc");
    expect((await explored.shown("roc")).words).toMatch(/ROCAUC ?\d+\.\d %/);
    await expect.poll(async () => (await explained.shown("rank")).k, { timeout: longMs }).toBe("9");
    await expect
      .poll(async () => (await explained.shown("rank")).words, { timeout: longMs })
      .not.toBe(beforeOther.words);
    await page.runCell(tells, longMs);
    expect(await outputText(tells)).toContain("[ 9, 9 ]");
  });

  it("have a threshold that can be dragged", async () => {
    const before = (await explored.shown("scores")).words;
    const line = explored.root.locator(".dn2x-line:not([hidden])").first();
    await line.scrollIntoViewIfNeeded();
    const box = (await line.boundingBox())!;
    await page.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.page.mouse.down();
    await page.page.mouse.move(box.x - 40, box.y + box.height / 2, { steps: 4 });
    await page.page.mouse.up();
    await expect
      .poll(async () => (await explored.shown("scores")).words, { timeout: longMs })
      .not.toBe(before);
  });

  it("follow a value that code sets", async () => {
    await page.runCell(sets, longMs);
    await expect.poll(async () => (await explored.shown("roc")).k, { timeout: longMs }).toBe("3");
    await expect.poll(async () => (await explained.shown("rank")).k, { timeout: longMs }).toBe("3");
  });

  it("bring the notebook to the state last shown, as picture and as a form that moves, without HTML", async () => {
    await expect
      .poll(async () => ((await saved(explores))[explorerMime] as SavedExplorer).settings.k, {
        timeout: longMs,
      })
      .toBe(3);
    const bundle = await saved(explores);
    expect(Object.keys(bundle)).toContain("image/png");
    expect(Object.keys(bundle)).not.toContain("text/html");
    expect(bundle["text/plain"]).toMatch(/k = 3,/);
  });

  it("take text of the data as text, and explain an image that is clicked", async () => {
    const tile = explored.root.locator("button.dn2x-tile", { hasText: "<img src=x" }).first();
    await tile.waitFor({ timeout: longMs });
    await tile.click({ timeout: longMs });
    const explanation = explored.root.locator(".dn2x-explain .dn2x");
    await explanation.locator(".main-svg").first().waitFor({ state: "attached", timeout: longMs });
    expect(await explanation.locator(".dn2x-readouts").textContent()).toContain("<img src=x");
    expect(await page.page.evaluate(() => (globalThis as any).broken)).toBeUndefined();
    expect(await page.page.locator('img[src="x"]').count()).toBe(0);
    await explored.root.locator(".dn2x-close").click({ timeout: longMs });
    expect(await explanation.count()).toBe(0);
  });

  it("are disconnected when their cell is run again", async () => {
    const live = () => page.page.evaluate(() => (globalThis as any)[Symbol.for("dn2.explorers")].live.size);
    await page.runCell(explains, longMs);
    await expect.poll(live, { timeout: longMs }).toBe(2);
    await explained.drawn();
  });

  it("answer while a cell waits", async () => {
    await page.startCell(waits);
    await expect.poll(() => outputText(waits), { timeout: longMs }).toContain("waiting");
    const before = await explored.shown("roc");
    await explored.setK(11);
    await explored.becomes(11, before, "roc");
    await page.command("notebook:interrupt-kernel");
    await page.idle(longMs);
  });

  it("answer while a cell computes without a pause, and when the kernel has been restarted", async () => {
    await page.startCell(computes);
    await expect.poll(() => outputText(computes), { timeout: longMs }).toContain("computing");
    const before = await explored.shown("roc");
    await explored.setK(14);
    await explored.becomes(14, before, "roc");
    await page.page.evaluate(() =>
      (globalThis as any).jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(),
    );
    await page.idle(longMs);
    const between = await explored.shown("roc");
    await explored.setK(2);
    await explored.becomes(2, between, "roc");
    expect(page.pageErrors).toEqual([]);
  }, 400_000);

  it("move in a notebook that is opened with another kernel", async () => {
    await page.page.evaluate(() => (globalThis as any).jupyterapp.shell.currentWidget.context.save());
    const again = await session.open("explorers.ipynb");
    const opened = new ExplorerOnPage(again, 0);
    await opened.drawn();
    const before = await opened.shown("roc");
    await opened.setK(17);
    await opened.becomes(17, before, "roc");
    await expect
      .poll(async () => (await new ExplorerOnPage(again, 1).shown("rank")).k, { timeout: longMs })
      .toBe("17");
    await again.screenshot(join(screenshots, "explorers-saved.png"));
    expect(again.pageErrors).toEqual([]);
    expect(again.outsideRequests).toEqual([]);
  }, 400_000);

  it("move where JupyterLab has no part of dn2: as a widget, with plotly.js from the kernel", async () => {
    const bare = mkdtempSync(join(tmpdir(), "dn2-explorers-bare-"));
    writeCells(bare, "explorers.ipynb", cells);
    const other = await startLab(bare, { without: ["dn2"] });
    try {
      const opened = await LabNotebook.open(session.browser, other, "explorers.ipynb");
      for (const cell of [makes, explores]) await opened.runCell(cell, longMs);
      const widget = new ExplorerOnPage(opened, 0);
      await widget.drawn();
      await widget.root.locator('.dn2x-picture[style*="blob:"]').first().waitFor({ timeout: longMs });
      expect(
        await opened.page.evaluate(() => (globalThis as any)[Symbol.for("dn2.explorers")].plotlyFile),
      ).toBe(undefined);
      const before = await widget.shown("roc");
      await widget.setK(9);
      await widget.becomes(9, before, "roc");
      expect(opened.pageErrors).toEqual([]);
      expect(opened.outsideRequests).toEqual([]);
    } finally {
      await other.stop();
      rmSync(bare, { recursive: true, force: true });
    }
  }, 400_000);
});
