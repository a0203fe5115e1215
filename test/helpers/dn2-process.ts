import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../dist/cli/dn2.js");

/** How a process of `dn2` ended and what it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built `dn2` in a process of its own.
 *
 * @param args - the words after `dn2`
 * @param options - folder it runs in, environment beside this process's own, and what is told of the child when it was started and of
 *   its standard error so far whenever more came
 */
export function dn2Process(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly onStart?: (child: ChildProcess) => void;
    readonly onStderr?: (child: ChildProcess, stderr: string) => void;
  },
): Promise<Outcome> {
  if (!existsSync(program)) throw new Error(`${program} must exist; run npm run build first`);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  options.onStart?.(child);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    options.onStderr?.(child, stderr);
  });
  return new Promise((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
}
