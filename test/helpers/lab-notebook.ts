import type { Browser, Page } from "playwright-core";
import type { Notebook, NotebookOutput } from "../../kernel/run/notebook.js";
import type { Lab } from "./jupyter-lab.js";

/** A notebook that is open in JupyterLab in a browser. */
export class LabNotebook {
  /** Errors of the page's own programs. */
  readonly pageErrors: string[] = [];
  /** Addresses outside the server that the page asked for; they are refused. */
  readonly outsideRequests: string[] = [];

  private constructor(
    /** The browser's page. */
    readonly page: Page,
  ) {}

  /**
   * Opens a notebook and waits until its kernel is idle.
   *
   * @param browser - the browser
   * @param lab - the server
   * @param path - path of the notebook below the server's folder
   * @param size - of the window, in pixels
   * @returns the open notebook
   */
  static async open(
    browser: Browser,
    lab: Lab,
    path: string,
    size = { width: 1280, height: 1600 },
  ): Promise<LabNotebook> {
    const page = await browser.newPage({ viewport: size });
    const notebook = new LabNotebook(page);
    page.on("pageerror", (error) => notebook.pageErrors.push(error.message));
    await page.route(
      (url) => url.protocol.startsWith("http") && url.origin !== lab.address,
      (route) => {
        notebook.outsideRequests.push(route.request().url());
        return route.abort();
      },
    );
    const url = `${lab.address}/lab/tree/${encodeURI(path)}?reset&token=${lab.token}`;
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: 120_000 });
    await page.waitForFunction(
      () => {
        const panel = (globalThis as any).jupyterapp?.shell.currentWidget;
        return (
          panel?.content?.model?.cells.length > 0 && panel.sessionContext?.session?.kernel?.status === "idle"
        );
      },
      undefined,
      { timeout: 120_000, polling: 200 },
    );
    return notebook;
  }

  /**
   * Runs a command of JupyterLab.
   *
   * @param command - its identifier, for example "notebook:run-all-cells"
   */
  async command(command: string): Promise<void> {
    await this.page.evaluate((id) => {
      void (globalThis as any).jupyterapp.commands.execute(id);
    }, command);
  }

  /**
   * Runs all cells and waits for the last one.
   *
   * @param timeoutMs - milliseconds, default two minutes
   */
  async runAll(timeoutMs = 120_000): Promise<void> {
    await this.command("notebook:run-all-cells");
    await this.idle(timeoutMs);
  }

  /**
   * Runs one cell and waits for its end.
   *
   * @param index - index among all cells, from 0
   * @param timeoutMs - milliseconds, default one minute
   */
  async runCell(index: number, timeoutMs = 60_000): Promise<void> {
    await this.startCell(index);
    await this.idle(timeoutMs);
  }

  /**
   * Starts one cell without waiting.
   *
   * @param index - index among all cells, from 0
   */
  async startCell(index: number): Promise<void> {
    await this.page.evaluate((at) => {
      const { shell, commands } = (globalThis as any).jupyterapp;
      shell.currentWidget.content.activeCellIndex = at;
      void commands.execute("notebook:run-cell");
    }, index);
  }

  /**
   * Waits until no cell runs or waits to be run.
   *
   * @param timeoutMs - milliseconds
   */
  async idle(timeoutMs = 120_000): Promise<void> {
    await this.page.waitForTimeout(150);
    await this.page.waitForFunction(
      () => {
        const panel = (globalThis as any).jupyterapp.shell.currentWidget;
        const running = panel.content.widgets.some(
          (cell: any) => cell.model.executionState === "running" || cell.prompt === "*",
        );
        return !running && panel.sessionContext.session?.kernel?.status === "idle";
      },
      undefined,
      { timeout: timeoutMs, polling: 100 },
    );
  }

  /**
   * Waits until the outputs of a cell contain a text.
   *
   * @param index - index among all cells, from 0
   * @param text - the text, as it stands in JSON
   * @returns the outputs
   */
  async shows(index: number, text: string): Promise<NotebookOutput[]> {
    const handle = await this.page.waitForFunction(
      ([at, wanted]) => {
        const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
        const { outputs } = content.model.cells.get(at).toJSON();
        return JSON.stringify(outputs).includes(String(wanted)) && outputs;
      },
      [index, text] as const,
      { timeout: 240_000, polling: 100 },
    );
    return (await handle.jsonValue()) as NotebookOutput[];
  }

  /** @param theme - the theme of JupyterLab to change to */
  async changeTheme(theme: "Light" | "Dark"): Promise<void> {
    await this.page.evaluate(
      (name) => (globalThis as any).jupyterapp.commands.execute("apputils:change-theme", { theme: name }),
      `JupyterLab ${theme}`,
    );
    await this.page
      .locator(`body[data-jp-theme-light="${theme === "Light"}"]`)
      .waitFor({ state: "attached", timeout: 120_000 });
    await this.page.locator("#jupyterlab-splash").waitFor({ state: "detached", timeout: 120_000 });
  }

  /** @returns the notebook as it stands in the page, outputs included */
  async content(): Promise<Notebook> {
    return this.page.evaluate(() =>
      (globalThis as any).jupyterapp.shell.currentWidget.content.model.toJSON(),
    );
  }

  /** @returns for every cell its outputs; none for cells without code */
  async outputs(): Promise<NotebookOutput[][]> {
    return (await this.content()).cells.map((cell) => cell.outputs ?? []);
  }

  /** @param path - file of the picture of the whole page */
  async screenshot(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }
}
