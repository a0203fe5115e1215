import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Notebook, NotebookOutput } from "../../kernel/run/notebook.js";
import { kernelSpec } from "../../kernel/spec/kernel-spec.js";

const projectRoot = resolve(import.meta.dirname, "../..");

const chromiumArguments = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/** Settings that keep JupyterLab from asking the network, and every cell's output in the page. */
const userSettings: Record<string, object> = {
  "apputils-extension/notification": { fetchNews: "false", checkForUpdates: false },
  "extensionmanager-extension/plugin": { enabled: false },
  "notebook-extension/tracker": { windowingMode: "none" },
};

/** A JupyterLab server of a test. */
export interface Lab {
  /** Address with port, without token. */
  readonly address: string;
  /** Token that the address asks for. */
  readonly token: string;
  /** What the server has printed so far. */
  log(): string;
  /** Ends the server and its kernels, and removes its settings. */
  stop(): Promise<void>;
}

/**
 * The Python that has JupyterLab: DN2_JUPYTER_PYTHON, else the one of the project's own environment.
 *
 * @returns its path; undefined when there is none
 */
export function labPython(): string | undefined {
  const path = process.env.DN2_JUPYTER_PYTHON ?? join(projectRoot, ".venv", "bin", "python");
  return existsSync(path) ? path : undefined;
}

/**
 * The browser of the browser tests: DN2_CHROMIUM, else Chromium or Chrome on the search path.
 *
 * @returns its path; undefined when there is none
 */
export function chromiumPath(): string | undefined {
  if (process.env.DN2_CHROMIUM) return process.env.DN2_CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * Starts JupyterLab on 127.0.0.1 with the built kernel. It reads and writes no settings but those of a temporary folder.
 *
 * @param root - folder that it shows
 * @param options - `without`: extensions that are left out
 * @returns the server, once it answers
 */
export async function startLab(root: string, options: { without?: readonly string[] } = {}): Promise<Lab> {
  const python = labPython();
  if (!python) throw new Error("JupyterLab is missing; run npm run setup first");
  const home = mkdtempSync(join(tmpdir(), "dn2-lab-"));
  const env = writeSettings(home);
  if (options.without) {
    const disabledExtensions = Object.fromEntries(options.without.map((name) => [name, true]));
    mkdirSync(join(home, "config", "labconfig"), { recursive: true });
    writeFileSync(
      join(home, "config", "labconfig", "page_config.json"),
      JSON.stringify({ disabledExtensions }),
    );
  }
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const server = spawn(
    python,
    [
      ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--LabApp.expose_app_in_browser=True"],
      ...["--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
      ...[`--ServerApp.root_dir=${root}`, "--LabApp.extension_manager=readonly"],
      "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ],
    {
      cwd: root,
      env: { ...process.env, ...env, JUPYTER_TOKEN: token },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    },
  );
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  const address = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await endGroup(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await answering(`${address}/api/status?token=${token}`, server);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}: ${output}`);
  }
  return { address, token, log: () => output, stop };
}

/**
 * Starts a browser.
 *
 * @returns the browser; to be closed by the caller
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error("a browser is missing; install Chromium or name one in DN2_CHROMIUM");
  return chromium.launch({ executablePath, headless: true, args: chromiumArguments });
}

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
      { timeout: 120_000, polling: 100 },
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

function writeSettings(home: string): Record<string, string> {
  const inside = (...names: string[]): string => join(home, ...names);
  for (const [name, settings] of Object.entries(userSettings)) {
    const file = inside("settings", "@jupyterlab", `${name}.jupyterlab-settings`);
    mkdirSync(resolve(file, ".."), { recursive: true });
    writeFileSync(file, JSON.stringify(settings));
  }
  const spec = inside("data", "kernels", "dn2");
  mkdirSync(spec, { recursive: true });
  writeFileSync(join(spec, "kernel.json"), JSON.stringify(kernelSpec()));
  mkdirSync(inside("runtime"), { mode: 0o700 });
  return {
    JUPYTER_CONFIG_DIR: inside("config"),
    JUPYTER_DATA_DIR: inside("data"),
    JUPYTER_RUNTIME_DIR: inside("runtime"),
    JUPYTERLAB_SETTINGS_DIR: inside("settings"),
    JUPYTERLAB_WORKSPACES_DIR: inside("workspaces"),
    IPYTHONDIR: inside("ipython"),
    JUPYTER_PREFER_ENV_PATH: "0",
    PYTHONNOUSERSITE: "1",
  };
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    if (server.exitCode !== null) throw new Error("JupyterLab ended before it answered");
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("JupyterLab did not answer within two minutes");
}

async function endGroup(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise((done) => server.once("exit", done));
  process.kill(-server.pid, "SIGTERM");
  const timer = setTimeout(() => process.kill(-server.pid!, "SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
