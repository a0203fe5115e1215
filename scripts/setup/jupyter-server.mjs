import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { readJson } from "./paths.mjs";
import { killGroup, processIdentity } from "./processes.mjs";
import { writeWhole } from "./state.mjs";

/** Settings of JupyterLab that keep it from asking the network for news, updates and extensions. */
const labSettings = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  "@jupyterlab/extensionmanager-extension:plugin": { enabled: false },
};

const serverSettings = {
  LabApp: {
    check_for_updates_class: "jupyterlab.NeverCheckForUpdate",
    news_url: null,
    extension_manager: "readonly",
  },
  LabServerApp: { blocked_extensions_uris: "", allowed_extensions_uris: "" },
  LanguageServerManager: { autodetect: false },
  MultiKernelManager: { default_kernel_name: "dn2" },
};

/**
 * What to add to the environment, so that Jupyter keeps its settings, history and run-time files inside the clone.
 *
 * @param {import("./paths.mjs").Paths} paths
 * @returns {Record<string, string>}
 */
export function jupyterEnvironment(paths) {
  const inside = (/** @type {string} */ name) => join(paths.jupyterHome, name);
  return {
    JUPYTER_CONFIG_DIR: inside("config"),
    JUPYTER_DATA_DIR: inside("data"),
    JUPYTER_RUNTIME_DIR: inside("runtime"),
    JUPYTERLAB_SETTINGS_DIR: inside("settings"),
    JUPYTERLAB_WORKSPACES_DIR: inside("workspaces"),
    IPYTHONDIR: inside("ipython"),
    JUPYTER_PREFER_ENV_PATH: "1",
    PYTHONNOUSERSITE: "1",
    npm_config_cache: paths.npmCache,
    DN2_FEATURES: join(paths.root, ".cache", "features"),
  };
}

/**
 * Writes Jupyter's configuration of this clone.
 *
 * @param {import("./paths.mjs").Paths} paths
 */
export function configureJupyter(paths) {
  const write = (/** @type {string} */ path, /** @type {object} */ content) =>
    writeWhole(path, `${JSON.stringify(content, null, 2)}\n`);
  write(join(paths.jupyterHome, "config", "jupyter_server_config.json"), serverSettings);
  write(join(paths.venv, "share", "jupyter", "lab", "settings", "overrides.json"), labSettings);
  mkdirSync(join(paths.jupyterHome, "runtime"), { recursive: true, mode: 0o700 });
}

/**
 * Starts JupyterLab on this machine's own address. It is alone in its process group, so that Ctrl-C reaches it only
 * through `stop`.
 *
 * @param {import("./paths.mjs").Paths} paths
 * @param {{ open: boolean, notebook: string }} options - open: show the page in the browser; notebook: path in the clone
 */
export async function startJupyter(paths, { open, notebook }) {
  endOrphan(paths);
  configureJupyter(paths);
  const port = await freePort(8888);
  const token = randomBytes(24).toString("hex");
  const page = `/lab/tree/${notebook}`;
  mkdirSync(paths.dn2, { recursive: true });
  const log = createWriteStream(join(paths.dn2, "jupyter.log"), { flags: "w" });
  const args = [
    ...["-m", "jupyterlab", `--ServerApp.root_dir=${paths.root}`, `--ServerApp.default_url=${page}`],
    ...["--ServerApp.ip=127.0.0.1", `--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
    ...[
      `--ServerApp.open_browser=${open ? "True" : "False"}`,
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ],
  ];
  const child = spawn(paths.venvPython, args, {
    cwd: paths.root,
    env: { ...process.env, ...jupyterEnvironment(paths), JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const pid = /** @type {number} */ (child.pid);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      log.write(text);
      output = (output + text).slice(-20_000);
    });
  }
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.on("error", () => resolve(-1));
    child.on("close", (code) => resolve(code ?? -1));
  });
  const note = join(paths.dn2, "jupyter.json");
  if (pid)
    writeWhole(
      note,
      JSON.stringify({
        pid,
        identity: processIdentity(pid),
        owner: process.pid,
        ownerIdentity: processIdentity(process.pid),
      }),
    );
  const base = `http://127.0.0.1:${port}`;
  return {
    address: `${base}${page}?token=${token}`,
    ended,
    /** What Jupyter printed last. */
    lastOutput: () => output,
    /** Resolves to true as soon as the server answers, or to false when it ended first. */
    answers: () => answers(`${base}/api/status?token=${token}`, ended),
    /** Shuts the server and its kernels down. */
    async stop() {
      killGroup(pid, "SIGTERM");
      const slow = setTimeout(() => killGroup(pid, "SIGKILL"), 10_000);
      await ended;
      clearTimeout(slow);
      rmSync(note, { force: true });
    },
  };
}

/**
 * @param {string} address
 * @param {Promise<unknown>} ended
 */
async function answers(address, ended) {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    try {
      if ((await fetch(address, { signal: AbortSignal.timeout(5000) })).ok) return true;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/**
 * Ends a server of this clone whose `npm start` was killed.
 *
 * @param {import("./paths.mjs").Paths} paths
 */
function endOrphan(paths) {
  const note = readJson(join(paths.dn2, "jupyter.json"));
  if (!note) return;
  const owned = processIdentity(note.owner) === note.ownerIdentity;
  if (!owned && processIdentity(note.pid) === note.identity) killGroup(note.pid, "SIGTERM");
}

/**
 * @param {number} preferred
 * @returns {Promise<number>} a port of 127.0.0.1 that nothing listens on: the preferred one, one of the next, or any
 */
export async function freePort(preferred) {
  for (const port of [...Array.from({ length: 20 }, (_, i) => preferred + i), 0]) {
    const found = await new Promise((resolve) => {
      const server = createServer();
      server.on("error", () => resolve(0));
      server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        const address = /** @type {import("node:net").AddressInfo} */ (server.address());
        server.close(() => resolve(address.port));
      });
    });
    if (found) return found;
  }
  throw new Error("no free port was found on 127.0.0.1");
}
