import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kernelSpec } from "../../kernel/spec/kernel-spec.js";
import { tensorflow } from "../distillation/tensorflow.js";
import {
  chromiumPath,
  type Lab,
  LabNotebook,
  labPython,
  startBrowser,
  startLab,
} from "../helpers/jupyter-lab.js";

const screenshots = join(import.meta.dirname, "../screenshots");
const missing =
  labPython() === undefined ? "JupyterLab" : chromiumPath() === undefined ? "Chromium" : undefined;
if (missing) console.log(`skipped: browser tests need ${missing}`);

const source = (epochs: number, output: string) =>
  [
    'const data = await dn2.loadDataSet("synthetic", { limitTrain: 10, limitTest: 4 });',
    "await dn2.distillExtractor(data, {",
    `  ...{ teacher: "pixels", teacherInputSize: 8, inputSize: 16, epochs: ${epochs}, output: "${output}" },`,
    "})",
  ].join("\n");

/** The first would take hours, so that it is certainly under way when it is interrupted. */
const cells = [source(100_000, "endless"), source(4, "mine")];
const timeout = 120_000;

interface Output {
  output_type: string;
  evalue?: string;
  data?: Record<string, unknown>;
}

describe.skipIf(missing !== undefined || !tensorflow)("a distillation in JupyterLab", () => {
  const folder = mkdtempSync(join(tmpdir(), "dn2-lab-distill-"));
  let lab: Lab;
  let browser: Browser;
  let notebook: LabNotebook;

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    const kernelspec = {
      name: "dn2",
      display_name: String(kernelSpec().display_name),
      language: "typescript",
    };
    const content = {
      cells: cells.map((text, i) => ({
        ...{ cell_type: "code", id: `c${i}`, metadata: {}, outputs: [], execution_count: null },
        source: text,
      })),
      ...{ metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 },
    };
    writeFileSync(join(folder, "distill.ipynb"), JSON.stringify(content));
    [lab, browser] = await Promise.all([startLab(folder), startBrowser()]);
    notebook = await LabNotebook.open(browser, lab, "distill.ipynb", { width: 1100, height: 1000 });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits until the outputs of a cell contain a text, and gives them. */
  async function shows(cell: number, text: string): Promise<Output[]> {
    const handle = await notebook.page.waitForFunction(
      ([index, wanted]) => {
        const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
        const { outputs } = content.model.cells.get(index).toJSON();
        return JSON.stringify(outputs).includes(String(wanted)) && outputs;
      },
      [cell, text] as const,
      { timeout, polling: 100 },
    );
    return (await handle.jsonValue()) as Output[];
  }

  const curves = (outputs: Output[]) =>
    outputs.filter(({ data }) => String(data?.["text/plain"]).includes("distilled from pixels:"));

  async function interrupted(): Promise<Output[]> {
    await notebook.page.getByText("Kernel", { exact: true }).first().click();
    await notebook.page.getByText("Interrupt Kernel", { exact: true }).click();
    return shows(0, "interrupted by the user");
  }

  it("draws one curve that grows, and keeps it when the cell is interrupted", async () => {
    await notebook.startCell(0);
    await shows(0, " of 100002, loss ");
    const outputs = await interrupted();
    expect(curves(outputs)).toHaveLength(1);
    expect(Object.keys(curves(outputs)[0].data!)).toContain("application/vnd.plotly.v1+json");
    expect(outputs.at(-1)?.output_type).toBe("error");
    expect(existsSync(join(folder, "endless.safetensors"))).toBe(true);
    await notebook.screenshot(join(screenshots, "distillation-interrupted.png"));
  }, 400_000);

  it("goes on when the cell is run again", async () => {
    await notebook.startCell(0);
    await shows(0, "note: going on in epoch");
    await shows(0, " of 100002, loss ");
    await interrupted();
  }, 400_000);

  it("ends with the report below the finished curve, light and dark", async () => {
    await notebook.startCell(1);
    const outputs = await shows(1, "measured on");
    expect(curves(outputs)).toHaveLength(1);
    expect(String(curves(outputs)[0].data?.["text/plain"])).toContain("epoch 6 of 6");
    expect(Object.keys(curves(outputs)[0].data!)).toContain("image/png");
    expect(outputs.at(-1)?.output_type).toBe("execute_result");
    await notebook.screenshot(join(screenshots, "distillation.png"));
    await notebook.page.evaluate(() =>
      (globalThis as any).jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" }),
    );
    await notebook.page.locator('body[data-jp-theme-light="false"]').waitFor({ state: "attached", timeout });
    await notebook.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout });
    await notebook.screenshot(join(screenshots, "distillation-dark.png"));
    expect(notebook.pageErrors).toEqual([]);
    expect(notebook.outsideRequests).toEqual([]);
  }, 400_000);
});
