import { join } from "node:path";
import { expect, it } from "vitest";
import type { LabNotebook } from "../helpers/jupyter-lab.js";
import { describeInLab, type LabSession, screenshots, writeCells } from "../helpers/lab-session.js";

const cells = {
  define: "const kept = 41;\nkept + 1",
  busy: 'console.log("go"); while (true) {}',
  awaits: 'console.log("go"); await new Promise(() => {})',
  state: "kept + 2",
  ask: 'const answer = await dn2.input("Your name: ");\n`hello ${answer}`',
  pid: 'console.log("process", process.pid); while (true) {}',
  after: "[20, 3].map((x) => x * 2)",
  gone: "kept",
};
const names = Object.keys(cells);
const timeout = 120_000;

let notebook: LabNotebook;
const needs = {
  fill: (folder: string) => writeCells(folder, "kernel.ipynb", Object.values(cells)),
  begin: async (session: LabSession) => {
    notebook = await session.open("kernel.ipynb", { width: 1100, height: 1300 });
  },
};

describeInLab("the kernel in JupyterLab", needs, () => {
  const start = (name: keyof typeof cells): Promise<void> => notebook.startCell(names.indexOf(name));

  const shows = async (name: keyof typeof cells, text: string): Promise<string> =>
    JSON.stringify(await notebook.shows(names.indexOf(name), text));

  async function status(wanted: string): Promise<void> {
    await notebook.page.waitForFunction(
      (text) =>
        (globalThis as any).jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === text,
      wanted,
      { timeout, polling: 100 },
    );
  }

  it("interrupts a busy loop and an await from the menu, and keeps what cells left behind", async () => {
    await start("define");
    await shows("define", '"42"');
    for (const name of ["busy", "awaits"] as const) {
      await start(name);
      await shows(name, "go");
      await notebook.page.getByText("Kernel", { exact: true }).first().click();
      await notebook.page.getByText("Interrupt Kernel", { exact: true }).click();
      await shows(name, "interrupted by the user");
    }
    await start("state");
    await shows("state", '"43"');
  }, 400_000);

  it("asks below the cell, and goes on with the answer", async () => {
    await start("ask");
    const field = notebook.page.locator(".jp-Stdin-input");
    await field.waitFor({ timeout });
    await notebook.screenshot(join(screenshots, "kernel-input.png"));
    await field.fill("Ada");
    await field.press("Enter");
    await shows("ask", "hello Ada");
  }, 400_000);

  it("comes back when its process is killed in the middle of a cell", async () => {
    await start("pid");
    const outputs = await shows("pid", "process ");
    process.kill(Number(/process (\d+)/.exec(outputs)![1]), "SIGKILL");
    const dialog = notebook.page.locator(".jp-Dialog");
    await dialog.waitFor({ timeout });
    await notebook.screenshot(join(screenshots, "kernel-killed.png"));
    await dialog.locator(".jp-mod-accept").click();
    await status("idle");
    await start("after");
    await shows("after", "[ 40, 6 ]");
  }, 400_000);

  it("restarts from the menu with nothing left behind", async () => {
    await start("define");
    await shows("define", '"42"');
    await notebook.page.getByText("Kernel", { exact: true }).first().click();
    await notebook.page.getByText("Restart Kernel…", { exact: true }).click();
    await notebook.page.locator(".jp-Dialog .jp-mod-accept").click();
    await notebook.page.locator(".jp-Dialog").waitFor({ state: "detached", timeout });
    await status("idle");
    await start("gone");
    await shows("gone", "Cannot find name 'kept'");
    await notebook.screenshot(join(screenshots, "kernel-restarted.png"));
    expect(notebook.outsideRequests).toEqual([]);
  }, 400_000);
});
