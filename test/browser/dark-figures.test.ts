import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shareNotebook } from "../../kernel/share/share-notebook.js";
import { jupyterDisplay } from "../../src/core/display.js";
import { plotFeatures, plotImages, plotNeighbors, plotRoc, plotScores } from "../../src/plots/index.js";
import { lookAt } from "../helpers/figure-contrast.js";
import { chromiumPath, startBrowser } from "../helpers/jupyter-lab.js";
import { screenshots } from "../helpers/lab-session.js";
import { allLive, openShared } from "../helpers/shared-page.js";
import { features, images, isAnomaly, neighborTable, scores } from "../plots/examples.js";
import { figureOf, shown, writeExecuted } from "../share/notebooks.js";

const available = chromiumPath() !== undefined;
if (!available) console.log("skipped: figures on dark pages need Chromium");

describe.skipIf(!available)("figures in a shared page", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-dark-"));
  let browser: Browser;
  let file: string;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    browser = await startBrowser();
    const compare = [{ name: "distance to the first", scores }];
    const drawn = [
      plotRoc(scores, isAnomaly, { compare }),
      plotScores(scores, isAnomaly),
      plotFeatures(features()),
      await plotImages(images(), { isAnomaly }),
      await plotNeighbors(await neighborTable(), 7, {
        queries: images(),
        train: images().first(6),
        isAnomaly,
        k: 2,
      }),
    ];
    const outputs = await Promise.all(
      drawn.map(async (figure) => shown({ ...(await figure[jupyterDisplay]()) })),
    );
    const path = writeExecuted(folder, "figures.ipynb", [
      { code: "figures", outputs: [...outputs, shown(figureOf("by others"))] },
    ]);
    file = join(folder, "figures.html");
    writeFileSync(file, (await shareNotebook(path)).text);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    { colorScheme: "dark", white: 1 },
    { colorScheme: "light", white: 6 },
  ] as const)(
    "can be read on a $colorScheme page; figures of others keep their paper",
    async ({ colorScheme, white }) => {
      const { page, problems, close } = await openShared(browser, file, { colorScheme });
      await allLive(page);
      const { words, ...look } = await page.evaluate(lookAt, ".js-plotly-plot");
      expect(look).toEqual({ figures: 6, white, faint: [] });
      expect(words).toBeGreaterThan(100);
      await page.screenshot({ path: join(screenshots, `figures-${colorScheme}.png`), fullPage: true });
      expect(problems).toEqual([]);
      await close();
    },
    120_000,
  );
});
