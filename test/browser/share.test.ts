import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { shareNotebook } from "../../kernel/share/share-notebook.js";
import { chromiumPath, startBrowser } from "../helpers/jupyter-lab.js";
import { screenshots } from "../helpers/lab-session.js";
import { allLive, hostile, openShared, watched } from "../helpers/shared-page.js";
import { type ExecutedCell, figureOf, png, shown, writeExecuted, written } from "../share/notebooks.js";

const available = chromiumPath() !== undefined;
if (!available) console.log("skipped: the shared page needs Chromium");

describe.skipIf(!available)("a shared page, opened from disk with the network refused", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-shared-"));
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function write(
    name: string,
    cells: readonly ExecutedCell[],
    explorerModule?: string,
  ): Promise<string> {
    const path = writeExecuted(folder, `${name}.ipynb`, cells);
    const file = join(folder, `${name}.html`);
    writeFileSync(file, (await shareNotebook(path, { explorerModule, allowErrors: true })).text);
    return file;
  }

  const open = (file: string, options?: BrowserContextOptions) => openShared(browser, file, options);

  /** Moves the mouse onto a bar until the figure answers: one that is drawn again meanwhile, as its page settles, forgets the mouse. */
  async function hoverOver(page: Page): Promise<void> {
    const bar = page.locator("figure.live").last().locator(".bars .point path").nth(1);
    await vi.waitFor(
      async () => {
        await page.mouse.move(0, 0);
        await bar.hover({ force: true });
        await page.waitForSelector(".hoverlayer .hovertext", { timeout: 2000 });
      },
      { timeout: 60_000 },
    );
  }

  it("draws its figures, which answer to the mouse", async () => {
    const file = await write("figures", [
      { text: "# Figures" },
      { code: "1", outputs: [shown(figureOf("one"))] },
      { text: "down ".repeat(3000) },
      { code: "2", outputs: [shown(figureOf("two"))] },
    ]);
    const { page, problems, close } = await open(file, { viewport: { width: 1300, height: 800 } });
    await page.waitForSelector("figure.live .main-svg");
    expect(await page.locator("figure.live").count()).toBe(1);
    expect(await page.locator("figure.plotly:not(.live) img").count()).toBe(1);
    await allLive(page);
    expect(await page.locator("figure.live .main-svg").count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator("figure img").count()).toBe(0);
    await hoverOver(page);
    expect(await watched(page)).toEqual({ ran: 0, violations: [] });
    expect(problems).toEqual([]);
    await close();
  });

  it("fits a phone: figures shrink to the page, and nothing scrolls sideways", async () => {
    const file = await write("phone", [
      { text: `# Phone\n\n${"long".repeat(100)}` },
      {
        code: `const line = "${"x".repeat(300)}";`,
        outputs: [shown(figureOf("one")), written("y".repeat(500))],
      },
    ]);
    const { page, close } = await open(file, {
      viewport: { width: 390, height: 800 },
      isMobile: true,
      hasTouch: true,
    });
    await allLive(page);
    const widths = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      figure: document.querySelector("figure")!.getBoundingClientRect().width,
      graph: document.querySelector("figure .main-svg")!.getBoundingClientRect().width,
    }));
    expect(widths.page).toBe(390);
    expect(widths.figure).toBeLessThanOrEqual(390);
    expect(widths.graph).toBeCloseTo(widths.figure, 0);
    await close();
  });

  it("shows pictures where no program runs", async () => {
    const file = await write("still", [{ code: "1", outputs: [shown(figureOf("one"))] }]);
    const { page, close } = await open(file, { javaScriptEnabled: false });
    expect(
      await page.locator("figure img").evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBe(1);
    await close();
  });

  const fakeExplorer = `
    export function createSharedParams() { return new Map(); }
    export function mountSaved(element, state, { plotly, params }) {
      if (state.fails) throw new Error("no data");
      const input = element.appendChild(document.createElement("input"));
      const text = element.appendChild(document.createElement("output"));
      const graph = element.appendChild(document.createElement("div"));
      const show = async (k) => {
        text.textContent = state.title + " " + k;
        (await plotly()).react(graph, [{ x: [1, 2], y: [k, 2 * k], name: state.title }], { width: 300, height: 200 });
      };
      params.set(state.title, show);
      input.addEventListener("input", () => [...params.values()].forEach((one) => one(Number(input.value))));
      void show(1);
      return { dispose() {} };
    }`;

  it("lets explorers answer without a kernel, and share their params", async () => {
    const module = join(folder, "explorer.js");
    writeFileSync(module, fakeExplorer);
    const explorer = (state: object) =>
      shown({ "application/vnd.dn2.explorer+json": state, "image/png": png, "text/plain": "Explorer" });
    const outputs = [{ title: "a" }, { title: "b" }, { fails: true }].map(explorer);
    const { page, problems, close } = await open(await write("explorers", [{ code: "1", outputs }], module));
    await page.waitForSelector("figure.explorer.live >> nth=1");
    await page.locator("figure.explorer input").first().fill("7");
    await page.waitForFunction(() => document.querySelectorAll("output")[1]?.textContent === "b 7");
    await page.waitForFunction(() => document.querySelectorAll("figure.live .main-svg").length >= 2);
    await page.waitForSelector(".problem");
    expect(await page.locator(".problem").textContent()).toBe("This figure does not move here: no data");
    expect(await page.locator("figure.explorer img").count()).toBe(1);
    expect(await watched(page)).toEqual({ ran: 0, violations: [] });
    expect(problems).toEqual([]);
    await close();
  });

  const hostileCells: readonly ExecutedCell[] = [
    { text: `# ${hostile}\n\n${hostile} \`${hostile}\` [${hostile}](#a "${hostile}") $${hostile}$` },
    {
      code: `const name = '${hostile}';`,
      outputs: [
        written(hostile),
        shown({ "text/plain": hostile }),
        shown({ "text/html": `<table><tr><td>${hostile}</td></tr></table>` }),
        shown({ "text/markdown": hostile }),
        shown({ "text/latex": hostile }),
        shown({
          "image/svg+xml": `<svg xmlns="http://www.w3.org/2000/svg">${hostile}</svg>`,
          "text/plain": hostile,
        }),
        shown(figureOf(hostile)),
        { output_type: "error", ename: hostile, evalue: hostile, traceback: [hostile] },
      ],
    },
  ];

  it("does nothing that a class name says, even without the page's policy", async () => {
    const file = await write("hostile", hostileCells);
    for (const bypassCSP of [false, true]) {
      const { page, problems, close } = await open(file, { bypassCSP });
      await allLive(page);
      await hoverOver(page);
      expect(await page.locator("img[onerror], [onload], [onclick]").count()).toBe(0);
      expect(await watched(page)).toEqual({ ran: 0, violations: [] });
      expect(problems).toEqual([]);
      if (!bypassCSP)
        await page.screenshot({ path: join(screenshots, "shared-hostile.png"), fullPage: true });
      await close();
    }
  });

  it("would be caught doing it: unescaped markup runs without the policy, and the policy stops it", async () => {
    const file = await write("control", [{ text: "# Control" }]);
    const insert = (markup: string) => {
      document.querySelector("main")!.insertAdjacentHTML("beforeend", markup);
    };
    const free = await open(file, { bypassCSP: true });
    await free.page.evaluate(insert, hostile);
    await free.page.waitForFunction(() => (globalThis as unknown as { ran?: number }).ran === 1);
    await free.close();
    const strict = await open(file);
    await strict.page.evaluate(insert, hostile);
    await strict.page.waitForFunction(
      () => (globalThis as unknown as { violations: string[] }).violations.length >= 2,
    );
    const { ran, violations } = await watched(strict.page);
    expect(ran).toBe(0);
    expect(violations.map((violation) => violation.split(" ")[0]).sort()).toEqual([
      "img-src",
      "script-src-attr",
    ]);
    await strict.close();
  });
});
