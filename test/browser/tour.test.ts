import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  chromiumPath,
  type Lab,
  LabNotebook,
  labPython,
  startBrowser,
  startLab,
} from "../helpers/jupyter-lab.js";

const project = join(import.meta.dirname, "../..");
const screenshots = join(project, "test", "screenshots");
const missing =
  labPython() === undefined ? "JupyterLab" : chromiumPath() === undefined ? "Chromium" : undefined;
if (missing) console.log(`skipped: browser tests need ${missing}`);

interface LabPage {
  jupyterapp: {
    shell: {
      currentWidget: {
        content: {
          model: { cells: Iterable<{ sharedModel: { getSource(): string; setSource(text: string): void } }> };
        };
      };
    };
  };
}

describe.skipIf(missing !== undefined)("the tour in JupyterLab", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-tour-"));
  let lab: Lab;
  let browser: Browser;
  let tour: LabNotebook;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    cpSync(join(project, "notebooks", "00-tour.ipynb"), join(folder, "00-tour.ipynb"));
    [lab, browser] = await Promise.all([startLab(folder), startBrowser()]);
    tour = await LabNotebook.open(browser, lab, "00-tour.ipynb", { width: 1240, height: 1440 });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const bundles = async () =>
    (await tour.outputs())
      .flat()
      .map((output) => ("data" in output ? (output.data as Record<string, unknown>) : {}));
  const texts = async () => (await bundles()).map((bundle) => String(bundle["text/plain"] ?? ""));
  const rocText = async () => (await texts()).find((text) => text.startsWith("Figure: ROC curve"));

  it("runs from top to bottom without an error, and the page asks nothing of the network", async () => {
    await tour.runAll(300_000);
    const outputs = (await tour.outputs()).flat();
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(await rocText()).toMatch(/^Figure: ROC curve: ROCAUC \d+\.\d %/);
    const heading = tour.page.getByRole("heading", { name: "5. Score" });
    await heading.evaluate((element) => element.scrollIntoView({ block: "start" }));
    await tour.screenshot(join(screenshots, "tour.png"));
    expect(tour.pageErrors).toEqual([]);
    expect(tour.outsideRequests).toEqual([]);
  }, 400_000);

  it("shows a picture for every figure and explorer", async () => {
    const all = await bundles();
    const explorers = all.filter((bundle) => bundle["application/vnd.dn2.explorer+json"]).length;
    expect(explorers).toBe(2);
    const figures = explorers + all.filter((bundle) => bundle["application/vnd.plotly.v1+json"]).length;
    expect(figures).toBeGreaterThanOrEqual(8);
    const shown = () =>
      tour.page.evaluate(
        () =>
          [...document.querySelectorAll(".jp-OutputArea-output")].filter((element) =>
            [...element.querySelectorAll("img, svg.main-svg")].some(
              (picture) => picture.getBoundingClientRect().width > 200,
            ),
          ).length,
      );
    await expect.poll(shown, { timeout: 120_000 }).toBe(figures);
  });

  it("answers a changed k with other figures", async () => {
    const before = await rocText();
    await tour.page.evaluate(() => {
      const { cells } = (globalThis as never as LabPage).jupyterapp.shell.currentWidget.content.model;
      for (const cell of cells) {
        const source = cell.sharedModel.getSource();
        if (source.startsWith("// parameters"))
          cell.sharedModel.setSource(source.replace("const k = 2;", "const k = 40;"));
      }
    });
    await tour.runAll(300_000);
    expect((await tour.outputs()).flat().filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(await rocText()).not.toBe(before);
  }, 400_000);
});
