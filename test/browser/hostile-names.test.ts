import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNotebook } from "../../kernel/run/run-notebook.js";
import { shareNotebook } from "../../kernel/share/share-notebook.js";
import { chromiumPath, type LabNotebook, startBrowser } from "../helpers/jupyter-lab.js";
import { describeInLab, kernelspec, screenshots, writeCells } from "../helpers/lab-session.js";
import { allLive, hostile, openShared, watched } from "../helpers/shared-page.js";
import { shown, writeExecuted } from "../share/notebooks.js";

const available = chromiumPath() !== undefined;
if (!available) console.log("skipped: hostile names need Chromium");
const longMs = 120_000;

/** A data set in which every name is markup, and everything that shows names. */
const cells = [
  `const name = ${JSON.stringify(hostile)};
const random = new dn2.Random("hostile");
const picture = () => ({ width: 12, height: 12, channels: 3 as const, data: Uint8Array.from({ length: 432 }, () => random.integer(256)) });
const pictures = (set: string, n: number) => dn2.ImageSet.fromImages(set + name, Array.from({ length: n }, picture), {
  ids: Array.from({ length: n }, (_, i) => \`\${set}\${i}\${name}\`),
  labels: Array.from({ length: n }, (_, i) => i % 2), classNames: [name, "other " + name] });
const [images, train] = [pictures("test", 40), pictures("train", 30)];
const isAnomaly = images.labels;
const rows = (n: number) => Array.from({ length: n }, (_, i) => Array.from({ length: 4 }, () => random.normal() + (i % 2)));
const features = (set: dn2.ImageSet) => dn2.Features.fromRows(rows(set.length), { ids: set.ids, images: set });
const table = await new dn2.NeighborIndex(features(train)).search(features(images), 20);
const scores = table.scores(2);`,
  "dn2.plotImages(images, { title: name })",
  "dn2.plotExtremes(images, scores, { isAnomaly })",
  "dn2.plotNeighbors(table, 3, { queries: images, train, isAnomaly })",
  "dn2.explore(table, isAnomaly, { images, train, title: name })",
  "dn2.explainScore(table, 3, { images, train, isAnomaly })",
  "console.log(name); console.error(name); table",
  "({ [name]: name })",
  "throw new RangeError(name)",
];

describe.skipIf(!available)("names that are markup", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-hostile-"));
  const executed = join(folder, "executed.ipynb");
  const shared = join(folder, "shared.html");
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    const { failed } = await runNotebook(writeCells(folder, "hostile.ipynb", cells), {
      output: executed,
      allowErrors: true,
    });
    expect(failed.map(({ ename, evalue }) => [ename, evalue])).toEqual([["RangeError", hostile]]);
    writeFileSync(shared, (await shareNotebook(executed, { allowErrors: true })).text);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const explorer = (page: Page) => page.locator("figure.explorer").first();
  const state = (page: Page) =>
    explorer(page).evaluate((figure) => ({
      words: [...figure.querySelectorAll(".dn2x-readout")].map((one) => one.textContent).join(" | "),
      curve: [...figure.querySelectorAll('[data-figure="roc"] path.js-line')]
        .map((path) => path.getAttribute("d"))
        .join(),
    }));

  it("do nothing in the shared page, whose explorers answer from disk: k moves text and curve", async () => {
    for (const bypassCSP of [true, false]) {
      const { page, problems, close } = await openShared(browser, shared, { bypassCSP });
      await allLive(page);
      await explorer(page).locator('[data-figure="roc"] .main-svg').first().waitFor({ state: "attached" });
      const before = await state(page);
      expect(before.words).toMatch(/ROCAUC ?\d+\.\d %/);
      await explorer(page).locator('.dn2x-range[data-setting="k"]').fill("19");
      await expect
        .poll(
          async () => {
            const now = await state(page);
            return { words: now.words !== before.words, curve: now.curve !== before.curve };
          },
          { timeout: longMs },
        )
        .toEqual({ words: true, curve: true });
      await explorer(page).locator("button.dn2x-tile").first().click();
      await explorer(page)
        .locator(".dn2x-explain .main-svg")
        .first()
        .waitFor({ state: "attached", timeout: longMs });
      const words = await page.locator("body").innerText();
      expect(words.split(hostile).length).toBeGreaterThan(10);
      expect(await page.locator("img[onerror]").count()).toBe(0);
      expect(await watched(page)).toEqual({ ran: 0, violations: [] });
      expect(problems).toEqual([]);
      if (!bypassCSP)
        await page.screenshot({ path: join(screenshots, "shared-explorer.png"), fullPage: true });
      await close();
    }
  });

  const control = shown({ "text/html": `control ${hostile}` });
  const needs = {
    fill: (root: string) => {
      cpSync(executed, join(root, "executed.ipynb"));
      writeExecuted(root, "control.ipynb", [{ code: "1", outputs: [control] }], { kernelspec });
    },
  };

  describeInLab("in JupyterLab", needs, (session) => {
    /** As its user would: the command asks, and renders the outputs again. */
    async function trust({ page }: LabNotebook): Promise<void> {
      await page.evaluate(() => {
        void (globalThis as any).jupyterapp.commands.execute("notebook:trust");
      });
      await page.locator(".jp-Dialog .jp-mod-accept").click({ timeout: longMs });
      await page.waitForFunction(
        () =>
          [...(globalThis as any).jupyterapp.shell.currentWidget.content.model.cells].every(
            (cell: any) => cell.trusted,
          ),
        undefined,
        { timeout: longMs },
      );
    }

    const graphs = (opened: LabNotebook) => opened.page.locator(".jp-OutputArea .main-svg");

    it("do nothing, neither untrusted nor trusted nor live", async () => {
      const opened = await session.open("executed.ipynb");
      await opened.page.locator(".jp-OutputArea-output img").first().waitFor({ timeout: longMs });
      expect(await opened.page.locator("img[onerror]").count()).toBe(0);
      expect((await watched(opened.page)).ran).toBe(0);
      await trust(opened);
      await graphs(opened).first().waitFor({ state: "attached", timeout: longMs });
      expect(await opened.page.locator("img[onerror]").count()).toBe(0);
      expect((await watched(opened.page)).ran).toBe(0);
      await opened.runAll(300_000);
      await graphs(opened).first().waitFor({ state: "attached", timeout: longMs });
      expect(await opened.page.locator("img[onerror]").count()).toBe(0);
      expect((await watched(opened.page)).ran).toBe(0);
      await opened.screenshot(join(screenshots, "hostile-names.png"));
      await opened.page.close();
    }, 600_000);

    it("would be caught doing something: an HTML output that is trusted does", async () => {
      const opened = await session.open("control.ipynb");
      await opened.page
        .locator(".jp-OutputArea-output", { hasText: "control" })
        .first()
        .waitFor({ timeout: longMs });
      expect((await watched(opened.page)).ran).toBe(0);
      await trust(opened);
      await opened.page.waitForFunction(() => ((globalThis as any).ran ?? 0) > 0, undefined, {
        timeout: longMs,
      });
      await opened.page.close();
    }, 600_000);
  });
});
