import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeInLab, screenshots } from "../helpers/lab-session.js";

const notebooks = join(import.meta.dirname, "../../notebooks");
const timeout = 120_000;

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

const needs = { fill: (folder: string) => cpSync(notebooks, folder, { recursive: true }) };

describeInLab("the committed notebooks, opened in JupyterLab", needs, (session) => {
  it.each(readdirSync(notebooks).filter((name) => name.endsWith(".ipynb")))(
    "%s shows all its figures, light and dark",
    async (name) => {
      const notebook = await session.open(name, { width: 1240, height: 1440 });
      const { page } = notebook;
      for (const theme of ["Light", "Dark"] as const) {
        await notebook.changeTheme(theme);
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
