import { packageVersion } from "../kernel/package-root.js";
import { didYouMean } from "../src/core/closest-name.js";
import { Aborted, DataError, NothingFound } from "../src/core/errors.js";
import { type Command, parseCommand, UsageError } from "./command.js";
import { helpText, overviewText } from "./help.js";

const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./run.js")).runCommand,
  extract: async () => (await import("./extract.js")).extractCommand,
  distill: async () => (await import("./distill.js")).distillCommand,
  check: async () => (await import("./check.js")).checkCommand,
  "notebook run": async () => (await import("./notebook-run.js")).notebookRunCommand,
  "notebook parameters": async () => (await import("./notebook-parameters.js")).notebookParametersCommand,
  share: async () => (await import("./share.js")).shareCommand,
  "kernel install": async () => (await import("./kernel.js")).kernelInstallCommand,
  "kernel uninstall": async () => (await import("./kernel.js")).kernelUninstallCommand,
  "kernel list": async () => (await import("./kernel.js")).kernelListCommand,
  "cache list": async () => (await import("./cache.js")).cacheListCommand,
  "cache clear": async () => (await import("./cache.js")).cacheClearCommand,
  fetch: async () => (await import("./fetch.js")).fetchCommand,
  doctor: async () => (await import("./doctor.js")).doctorCommand,
};

/** npm and the terminal both hand on a Ctrl-C: signals this close together are one. */
const sameKeyMs = 500;

async function overview(group = ""): Promise<string> {
  const named = Object.entries(commands).filter(([name]) => name.startsWith(group));
  return overviewText(await Promise.all(named.map(([, load]) => load())), process.stdout.columns);
}

/**
 * Runs the command line.
 *
 * @param argv - the words after `dn2`
 * @returns the exit code: 0 good, 1 failed, 2 wrong command line, 3 some inputs were bad, 130 interrupted
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [first, second] = argv;
  const isGroup = first !== undefined && Object.keys(commands).some((name) => name.startsWith(`${first} `));
  const name = isGroup && second !== undefined ? `${first} ${second}` : first;
  const rest = argv.slice(isGroup ? 2 : 1);
  const interrupt = new AbortController();
  let interruptedAt = 0;
  const onSignal = () => {
    if (!interrupt.signal.aborted) {
      interruptedAt = performance.now();
      interrupt.abort();
    } else if (performance.now() - interruptedAt > sameKeyMs) process.exit(130);
  };
  process.on("SIGINT", onSignal);
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      process.stdout.write(`${await overview()}\n`);
      return name === undefined ? 2 : 0;
    }
    if (isGroup && (second === undefined || second === "--help" || second === "-h")) {
      process.stdout.write(`${await overview(`${first} `)}\n`);
      return second === undefined ? 2 : 0;
    }
    if (name === "--version") {
      process.stdout.write(`${packageVersion}\n`);
      return 0;
    }
    if (!Object.hasOwn(commands, name)) {
      const valid = Object.keys(commands);
      throw new UsageError(
        `unknown command ${name}${didYouMean(name, valid)}; valid commands are ${valid.join(", ")}`,
      );
    }
    const command = await commands[name]();
    const given = parseCommand(command, rest);
    if (given.values.help) {
      process.stdout.write(`${helpText(command, process.stdout.columns)}\n`);
      return 0;
    }
    return await command.run({ ...given, signal: interrupt.signal });
  } catch (error) {
    return report(error);
  } finally {
    process.off("SIGINT", onSignal);
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`dn2: ${error.message}\n`);
    return 2;
  }
  if (error instanceof Aborted) {
    process.stderr.write(`dn2: ${error.message}\n`);
    return 130;
  }
  const isUnderstood =
    error instanceof DataError ||
    error instanceof RangeError ||
    error instanceof TypeError ||
    isSystemError(error);
  const text =
    error instanceof Error ? (isUnderstood ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`dn2: ${text}\n`);
  return error instanceof RangeError || error instanceof NothingFound ? 2 : 1;
}

/** A file that cannot be read or written: its message names the cause and the path. */
function isSystemError(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return error instanceof Error && typeof code === "string" && syscall !== undefined;
}
