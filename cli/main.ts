import { Aborted, DataError } from "../src/core/errors.js";
import { type Command, helpText, parseCommand, UsageError } from "./command.js";

const commands: Record<string, () => Promise<Command>> = {
  run: async () => (await import("./run.js")).runCommand,
  extract: async () => (await import("./extract.js")).extractCommand,
  doctor: async () => (await import("./doctor.js")).doctorCommand,
};

async function overview(): Promise<string> {
  const rows = await Promise.all(Object.values(commands).map(async (load) => await load()));
  const width = Math.max(...rows.map((command) => command.usage.length));
  return [
    "dn2 explores image anomaly detection by deep nearest neighbours",
    "",
    ...rows.map((command) => `  npx dn2 ${command.usage.padEnd(width)}  ${command.summary}`),
    "",
    "npx dn2 COMMAND --help lists a command's options",
  ].join("\n");
}

/**
 * Runs the command line.
 *
 * @param argv - the words after `dn2`
 * @returns the exit code: 0 good, 1 failed, 2 wrong command line, 3 some inputs were bad, 130 interrupted
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  const interrupt = new AbortController();
  const onSignal = () => {
    process.once("SIGINT", () => process.exit(130));
    interrupt.abort();
  };
  process.once("SIGINT", onSignal);
  try {
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      process.stdout.write(`${await overview()}\n`);
      return name === undefined ? 2 : 0;
    }
    if (!Object.hasOwn(commands, name)) {
      throw new UsageError(`unknown command ${name}; valid commands are ${Object.keys(commands).join(", ")}`);
    }
    const command = await commands[name]();
    const { positionals, values } = parseCommand(command, rest);
    if (values.help) {
      process.stdout.write(`${helpText(command)}\n`);
      return 0;
    }
    return await command.run({ positionals, values, signal: interrupt.signal });
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
  const expected = error instanceof DataError || error instanceof RangeError || error instanceof TypeError;
  const text =
    error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`dn2: ${text}\n`);
  return 1;
}
