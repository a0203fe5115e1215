import { SetupError } from "./setup-error.mjs";

const probe = `
import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "path": sys.executable, "complete": complete}))`;

const candidates = [
  ...(process.env.DN2_PYTHON ? [[process.env.DN2_PYTHON]] : []),
  ["python3"],
  ["python"],
  ...[14, 13, 12, 11, 10].map((minor) => [`python3.${minor}`]),
  ["/usr/bin/python3"],
  ...(process.platform === "win32" ? [["py", "-3"]] : []),
];

/**
 * @typedef {object} Python
 * @property {string} path
 * @property {string} version - for example "3.11.7"
 */

/**
 * Finds a Python that can make an environment. DN2_PYTHON names one to try first.
 *
 * @param {import("./processes.mjs").ProcessRunner} runner
 * @returns {Promise<Python>}
 * @throws {SetupError} when there is none, with the reason
 */
export async function findPython(runner) {
  let tooOld = "";
  let withoutVenv = "";
  for (const [command, ...args] of candidates) {
    const result = await runner.run("python", command, [...args, "-c", probe], { timeoutMs: 60_000 });
    if (result.code !== 0) continue;
    const { version, path, complete } = parse(result.stdout);
    if (!isRecent(version)) tooOld ||= version;
    else if (!complete) withoutVenv ||= version;
    else return { path, version };
  }
  throw pythonProblem(tooOld, withoutVenv);
}

/**
 * @param {string} tooOld - version of a Python that is too old, or ""
 * @param {string} withoutVenv - version of a Python that lacks its venv module, or ""
 * @returns {SetupError}
 */
export function pythonProblem(tooOld, withoutVenv) {
  if (withoutVenv) {
    return new SetupError(
      `Python ${withoutVenv} is here without its venv module, which Debian packages separately`,
      "run `apt install python3-venv`, then repeat",
    );
  }
  const found = tooOld ? `found only Python ${tooOld}` : "found none";
  return new SetupError(
    `JupyterLab needs Python 3.10 or newer; ${found}`,
    "install one (Debian: apt install python3 python3-venv; macOS: brew install python; Windows: python.org), or name it in DN2_PYTHON, then repeat",
  );
}

/** @param {string} version */
function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor >= 10;
}

/**
 * @param {string} text
 * @returns {{ version: string, path: string, complete: boolean }}
 */
function parse(text) {
  try {
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  } catch {
    return { version: "0.0.0", path: "", complete: false };
  }
}
