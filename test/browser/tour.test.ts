import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { photosMark } from "../../src/core/dark-figures.js";
import { lightnessOf, lookAt } from "../helpers/figure-contrast.js";
import type { LabNotebook } from "../helpers/jupyter-lab.js";
import { describeInLab, type LabSession, screenshots } from "../helpers/lab-session.js";

const notebooks = join(import.meta.dirname, "../../notebooks");

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

let tour: LabNotebook;
const needs = {
  fill: (folder: string) => cpSync(join(notebooks, "00-tour.ipynb"), join(folder, "00-tour.ipynb")),
  begin: async (session: LabSession) => {
    tour = await session.open("00-tour.ipynb", { width: 1240, height: 1440 });
  },
};

describeInLab("the tour in JupyterLab", needs, () => {
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

  it("can be read light and dark: tables, explorers, contact sheets and figures, as pictures and live", async () => {
    const { page } = tour;
    const sheet = page.locator(`.jp-OutputArea-output img[src*="${photosMark}"]`).first();
    await tour.changeTheme("Light");
    await expect
      .poll(async () => (await lightnessOf(sheet)).around, { timeout: 120_000 })
      .toBeGreaterThan(220);
    const { photos } = await lightnessOf(sheet);
    await tour.changeTheme("Dark");
    await expect.poll(async () => (await lightnessOf(sheet)).around, { timeout: 120_000 }).toBeLessThan(50);
    expect(Math.abs((await lightnessOf(sheet)).photos - photos)).toBeLessThan(4);

    await page.evaluate(() => {
      for (const picture of document.querySelectorAll(".jp-OutputArea-output img"))
        picture.dispatchEvent(new MouseEvent("mouseenter"));
    });
    for (const theme of ["Dark", "Light"] as const) {
      await tour.changeTheme(theme);
      const look = () => page.evaluate(lookAt, ".jp-RenderedHTMLCommon table, .js-plotly-plot, .dn2x");
      await expect.poll(async () => (await look()).figures, { timeout: 120_000 }).toBe(12);
      await expect.poll(async () => (await look()).faint, { timeout: 120_000 }).toEqual([]);
      const { words, figures, white } = await look();
      expect(words).toBeGreaterThan(300);
      expect(white).toBe(theme === "Light" ? figures : 0);
      await tour.screenshot(join(screenshots, `tour-${theme.toLowerCase()}.png`));
    }
  }, 400_000);

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
