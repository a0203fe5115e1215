import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { SetupError } from "./setup-error.mjs";

/** @returns {string} npm's own program, to be run with this Node */
export function npmProgram() {
  const running = process.env.npm_execpath ?? "";
  const prefix = dirname(process.execPath);
  const candidates = [
    ...(basename(running) === "npm-cli.js" ? [running] : []),
    join(prefix, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(prefix, "node_modules", "npm", "bin", "npm-cli.js"),
    ...onPath("npm"),
    "/usr/share/nodejs/npm/bin/npm-cli.js",
  ];
  const found = candidates.find((path) => path.endsWith("npm-cli.js") && existsSync(path));
  if (found) return realpathSync(found);
  throw new SetupError("npm was not found beside Node", "install npm (Debian: apt install npm) and repeat");
}

/** @returns {string | undefined} the node-gyp that comes with npm */
export function nodeGypProgram() {
  try {
    return createRequire(npmProgram()).resolve("node-gyp/bin/node-gyp.js");
  } catch {
    const debian = "/usr/share/nodejs/node-gyp/bin/node-gyp.js";
    return existsSync(debian) ? debian : undefined;
  }
}

/**
 * @param {string} program
 * @returns {string[]} where a program of that name is on the search path, links followed
 */
export function onPath(program) {
  const separator = process.platform === "win32" ? ";" : ":";
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  return (process.env.PATH ?? "")
    .split(separator)
    .filter((folder) => folder !== "")
    .flatMap((folder) => suffixes.map((suffix) => join(folder, program + suffix)))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
}

/**
 * Turns what npm or pip printed into the sentence that a person needs.
 *
 * @param {string} what - "npm" or "pip"
 * @param {import("./processes.mjs").RunResult} result
 * @param {string} logPath - where the whole output is
 * @returns {SetupError}
 */
export function installerError(what, result, logPath) {
  const { output } = result;
  const closed = output.match(
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|Name or service not known|Temporary failure in name resolution|Network is unreachable|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|SSLError|CERT_[A-Z_]+/,
  )?.[0];
  const registry = what === "npm" ? "npm registry" : "Python package index";
  if (closed || result.timedOut) {
    return new SetupError(
      `the ${registry} could not be reached (${closed ?? "no answer"})`,
      `check the network or proxy, or name a reachable registry with \`${what} config set ${what === "npm" ? "registry URL" : "global.index-url URL"}\`, then repeat`,
    );
  }
  if (/ENOSPC|No space left on device/.test(output)) {
    return new SetupError("the disk is full", "free about 4 GB and repeat");
  }
  if (/EUSAGE/.test(output)) {
    return new SetupError(
      "package.json and package-lock.json do not agree",
      "run `npm install` and repeat, or restore both files from git",
    );
  }
  const line = output
    .split("\n")
    .map((text) => text.replace(/^npm error /i, "").trim())
    .find((text) => /^(error|ERROR|code )/.test(text) || /^E[A-Z]{3,}/.test(text));
  return new SetupError(`${what} failed${line ? ` (${line})` : ""}`, `see ${logPath}`);
}
