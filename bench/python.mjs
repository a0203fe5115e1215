import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The Python of the benchmarks, with torch, torchvision, faiss and scikit-learn; made once.
 *
 * @returns {string} the program
 */
export function python() {
  const venv = join(import.meta.dirname, "..", ".bench-venv");
  const program = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const requirements = join(import.meta.dirname, "requirements.txt");
  const stamp = join(venv, "requirements.installed");
  const wanted = readFileSync(requirements, "utf8");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
    process.stderr.write("making the benchmark's Python environment (torch, faiss, scikit-learn), once\n");
    execFileSync(process.env.PYTHON ?? "python3", ["-m", "venv", venv], { stdio: "inherit" });
    execFileSync(program, ["-m", "pip", "install", "-q", "-r", requirements], { stdio: "inherit" });
    writeFileSync(stamp, wanted);
  }
  return program;
}
