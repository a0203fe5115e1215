import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Interrupted } from "./setup-error.mjs";

const onWindows = process.platform === "win32";
const keptOutput = 100_000;

/**
 * Identifies a process beyond its number, which the system uses again.
 *
 * @param {number} pid
 * @returns {string | undefined} the time at which it started; undefined when there is no such process
 */
export function processIdentity(pid) {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH") return undefined;
  }
  if (onWindows) return "running";
  return (
    spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() || "running"
  );
}

/**
 * Ends a process and what it started.
 *
 * @param {number} pid - a process that leads its own group
 * @param {NodeJS.Signals} signal
 */
export function killGroup(pid, signal) {
  try {
    if (onWindows) spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]);
    else process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {Record<string, string | undefined>} [env] - added to the environment
 * @property {number} [timeoutMs] - it is ended after that long
 * @property {() => boolean} [stalled] - asked each second; it is ended when this says true
 *
 * @typedef {object} RunResult
 * @property {number} code - exit code; -1 when it could not be started, was ended or timed out
 * @property {boolean} timedOut - true when a time limit or `stalled` ended it
 * @property {string} output - the end of what it printed
 * @property {string} stdout
 */

/** Runs programs for set-up: each in its own group, its output in a log file, all ended together on an interrupt. */
export class ProcessRunner {
  /** @type {Set<import("node:child_process").ChildProcess>} */
  #running = new Set();
  /** @type {Error | undefined} */
  #stopped;
  /** @type {Set<string>} */
  #logged = new Set();

  /**
   * @param {object} options
   * @param {string} [options.logs] - folder of the log files; none are written without it
   * @param {Record<string, string | undefined>} options.env - environment of every program
   * @param {(pids: number[]) => void} [options.onChange] - told the running programs whenever one starts or ends
   */
  constructor({ logs, env, onChange }) {
    this.logs = logs;
    this.env = env;
    this.onChange = onChange ?? (() => {});
  }

  /**
   * @param {string} log - name of the log file
   * @param {string} command
   * @param {readonly string[]} args
   * @param {RunOptions} [options]
   * @returns {Promise<RunResult>}
   */
  run(log, command, args, options = {}) {
    if (this.#stopped) return Promise.reject(this.#stopped);
    const file = this.#openLog(log);
    file?.write(`\n$ ${[command, ...args].join(" ")}\n`);
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: { ...this.env, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: !onWindows,
        windowsHide: true,
      });
      this.#running.add(child);
      this.#changed();
      let output = "";
      let stdout = "";
      let timedOut = false;
      const end = () => {
        timedOut = true;
        if (child.pid) killGroup(child.pid, "SIGKILL");
      };
      const limit = options.timeoutMs ? setTimeout(end, options.timeoutMs) : undefined;
      const watch = options.stalled ? setInterval(() => options.stalled?.() && end(), 1000) : undefined;
      child.stdout.setEncoding("utf8").on("data", (text) => {
        stdout = (stdout + text).slice(-keptOutput);
      });
      child.stderr.setEncoding("utf8");
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (text) => {
          output = (output + text).slice(-keptOutput);
          file?.write(text);
        });
      }
      /** @param {number} code */
      const settle = (code) => {
        clearTimeout(limit);
        clearInterval(watch);
        file?.end();
        if (!this.#running.delete(child)) return;
        this.#changed();
        if (this.#stopped) reject(this.#stopped);
        else resolve({ code, timedOut, output, stdout });
      };
      child.on("error", (error) => {
        output += String(error);
        settle(-1);
      });
      child.on("close", (code) => settle(code ?? -1));
    });
  }

  /** Ends every running program, first politely; later calls of `run` are refused. */
  async stop() {
    this.#stopped ??= new Interrupted("interrupted");
    for (const signal of /** @type {const} */ (["SIGTERM", "SIGKILL"])) {
      for (const child of this.#running) if (child.pid) killGroup(child.pid, signal);
      for (let waited = 0; this.#running.size > 0 && waited < 2000; waited += 50) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** @param {string} log */
  #openLog(log) {
    if (!this.logs) return undefined;
    mkdirSync(this.logs, { recursive: true });
    const flags = this.#logged.has(log) ? "a" : "w";
    this.#logged.add(log);
    return createWriteStream(join(this.logs, `${log}.log`), { flags });
  }

  #changed() {
    this.onChange([...this.#running].flatMap((child) => (child.pid ? [child.pid] : [])));
  }
}
