import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tensorflow } from "../distillation/tensorflow.js";
import type { LabNotebook } from "../helpers/jupyter-lab.js";
import { describeInLab, type LabSession, screenshots, writeCells } from "../helpers/lab-session.js";

const source = (epochs: number, output: string) =>
  [
    'const data = await dn2.loadDataSet("synthetic", { limitTrain: 10, limitTest: 4 });',
    "await dn2.distillExtractor(data, {",
    `  ...{ teacher: "pixels", teacherInputSize: 8, inputSize: 16, epochs: ${epochs}, output: "${output}" },`,
    "})",
  ].join("\n");

/** The first would take hours, so that it is certainly under way when it is interrupted. */
const cells = [source(100_000, "endless"), source(4, "mine")];
interface Output {
  output_type: string;
  evalue?: string;
  data?: Record<string, unknown>;
}

let notebook: LabNotebook;
const needs = {
  fill: (folder: string) => writeCells(folder, "distill.ipynb", cells),
  begin: async (session: LabSession) => {
    notebook = await session.open("distill.ipynb", { width: 1100, height: 1000 });
  },
  missing: tensorflow ? undefined : "tfjs-node",
};

describeInLab("a distillation in JupyterLab", needs, (session) => {
  const shows = async (cell: number, text: string) => (await notebook.shows(cell, text)) as Output[];

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
    expect(existsSync(join(session.folder, "endless.safetensors"))).toBe(true);
    await notebook.screenshot(join(screenshots, "distillation-interrupted.png"));
  }, 700_000);

  it("goes on when the cell is run again", async () => {
    await notebook.startCell(0);
    await shows(0, "note: going on in epoch");
    await shows(0, " of 100002, loss ");
    await interrupted();
  }, 700_000);

  it("ends with the report below the finished curve, light and dark", async () => {
    await notebook.startCell(1);
    const outputs = await shows(1, "measured on");
    expect(curves(outputs)).toHaveLength(1);
    expect(String(curves(outputs)[0].data?.["text/plain"])).toContain("epoch 6 of 6");
    expect(Object.keys(curves(outputs)[0].data!)).toContain("image/png");
    expect(outputs.at(-1)?.output_type).toBe("execute_result");
    await notebook.screenshot(join(screenshots, "distillation.png"));
    await notebook.changeTheme("Dark");
    await notebook.screenshot(join(screenshots, "distillation-dark.png"));
    expect(notebook.pageErrors).toEqual([]);
    expect(notebook.outsideRequests).toEqual([]);
  }, 700_000);
});
