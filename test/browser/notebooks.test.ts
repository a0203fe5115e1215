import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
const notebooks = join(project, "notebooks");
const screenshots = join(project, "test", "screenshots");
const timeout = 120_000;
const missing =
  labPython() === undefined ? "JupyterLab" : chromiumPath() === undefined ? "Chromium" : undefined;
if (missing) console.log(`skipped: browser tests need ${missing}`);

/** Outputs that the file says are figures or explorers. */
function drawn(name: string): number {
  const { cells } = JSON.parse(readFileSync(join(notebooks, name), "utf8"));
  const forms = cells.flatMap(({ outputs = [] }) => outputs.map(({ data = {} }) => Object.keys(data)));
  return forms.filter((keys: string[]) => keys.some((key) => /plotly|explorer/.test(key))).length;
}

/** Pictures of outputs that are in the page; runs there. */
function countShown(): number {
  return [...document.querySelectorAll(".jp-OutputArea-output")].filter((output) =>
    [...output.querySelectorAll("img, canvas, svg")].some(
      (picture) => picture.getBoundingClientRect().width > 200,
    ),
  ).length;
}

describe.skipIf(missing !== undefined)("the committed notebooks, opened in JupyterLab", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-notebooks-"));
  let lab: Lab;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    cpSync(notebooks, folder, { recursive: true });
    [lab, browser] = await Promise.all([startLab(folder), startBrowser()]);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(readdirSync(notebooks).filter((name) => name.endsWith(".ipynb")))(
    "%s shows all its figures, light and dark",
    async (name) => {
      const notebook = await LabNotebook.open(browser, lab, name, { width: 1240, height: 1440 });
      const { page } = notebook;
      for (const theme of ["Light", "Dark"]) {
        await page.evaluate((chosen) => {
          const { commands } = (globalThis as any).jupyterapp;
          return commands.execute("apputils:change-theme", { theme: `JupyterLab ${chosen}` });
        }, theme);
        await page
          .locator(`body[data-jp-theme-light="${theme === "Light"}"]`)
          .waitFor({ state: "attached", timeout });
        await expect.poll(() => page.evaluate(countShown), { timeout }).toBe(drawn(name));
        await notebook.screenshot(join(screenshots, `${name.slice(0, 2)}-${theme.toLowerCase()}.png`));
      }
      expect(notebook.pageErrors).toEqual([]);
      expect(notebook.outsideRequests).toEqual([]);
      await page.evaluate(() => (globalThis as any).jupyterapp.commands.execute("kernelmenu:shutdown"));
      await page.close();
    },
    400_000,
  );
});
