import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { kernelSpec } from "../../kernel/spec/kernel-spec.js";

export { LabNotebook } from "./lab-notebook.js";

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
