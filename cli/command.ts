import { type ParseArgsConfig, parseArgs } from "node:util";
import { didYouMean } from "../src/core/closest-name.js";

/**
 * A wrong command line: it asks for what cannot be (an unknown name or option, a value out of range, a file or folder that is not there, a
 * file for a folder, or a folder without what the command takes). The message is printed without a trace and the exit code is 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One option of a command. */
export interface OptionSpec {
  /** "boolean" for a switch, "string" for an option with a value. */
  readonly type: "string" | "boolean";
  /** One letter that stands for the option, after a single dash. */
  readonly short?: string;
  /** Whether the option may be given several times; its values are in `repeated`. */
  readonly multiple?: boolean;
  /** What the value is, for the help text ("N", "FOLDER"). */
  readonly value?: string;
  /** One line for the help text. */
  readonly help: string;
}

/** One command of `dn2`. */
export interface Command {
  /** The command and its arguments, as typed. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The options, by name without dashes. */
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Does the work and returns the exit code. */
  run(args: CommandArguments): Promise<number>;
}

/** A command line, read. */
export interface CommandArguments {
  /** What stands outside options. */
  readonly positionals: readonly string[];
  /** The options' values. */
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** The values of options that may be given several times, in order. */
  readonly repeated: Readonly<Record<string, readonly string[]>>;
  /** Aborted when the user presses Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * Reads a command's arguments.
 *
 * @param command - the command
 * @param argv - the words after the command's name
 * @returns positionals and option values
 * @throws UsageError for an unknown option (listing the valid ones) or a missing value
 */
export function parseCommand(
  command: Command,
  argv: readonly string[],
): Pick<CommandArguments, "positionals" | "values" | "repeated"> {
  const options: ParseArgsConfig["options"] = { help: { type: "boolean", short: "h" } };
  for (const [name, { type, short }] of Object.entries(command.options)) {
    options[name] = short === undefined ? { type } : { type, short };
  }
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, string | boolean | undefined> = {};
  const repeated: Record<string, string[]> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = options[token.name];
    if (!spec) {
      const valid = Object.keys(options)
        .map((name) => `--${name}`)
        .sort();
      throw new UsageError(
        `unknown option ${token.rawName}${didYouMean(token.rawName, valid)}; valid options are ${valid.join(", ")}`,
      );
    }
    if (spec.type === "boolean") {
      if (token.value !== undefined)
        throw new UsageError(`${token.rawName} takes no value; got ${token.value}`);
      values[token.name] = true;
    } else {
      if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
        throw new UsageError(
          `${token.rawName} needs a value: ${token.rawName} ${command.options[token.name].value}`,
        );
      }
      if (command.options[token.name].multiple) {
        repeated[token.name] = [...(repeated[token.name] ?? []), token.value];
      } else {
        values[token.name] = token.value;
      }
    }
  }
  return { positionals, values, repeated };
}

/**
 * Reads a whole number from an option.
 *
 * @param values - the options' values
 * @param name - the option's name
 * @param low - smallest valid value
 * @param fallback - the value where the option is not given
 * @returns the number
 * @throws UsageError when the text is no whole number or below `low`
 */
export function wholeNumber<T extends number | undefined>(
  values: CommandArguments["values"],
  name: string,
  low: number,
  fallback: T,
): number | T {
  const text = values[name];
  if (text === undefined) return fallback;
  const number = Number(text);
  if (String(text).trim() === "" || !Number.isSafeInteger(number) || number < low) {
    throw new UsageError(`--${name} must be a whole number of at least ${low}; got ${text}`);
  }
  return number;
}

/**
 * Reads an option that is one of several names.
 *
 * @param values - the options' values
 * @param name - the option's name
 * @param choices - the valid values
 * @param fallback - the value where the option is not given
 * @returns the chosen name
 * @throws UsageError listing the valid values
 */
export function choice<T extends string>(
  values: CommandArguments["values"],
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const text = values[name] ?? fallback;
  if (!(choices as readonly unknown[]).includes(text)) {
    throw new UsageError(
      `--${name} must be one of ${choices.join(", ")}; got ${text}${didYouMean(String(text), choices)}`,
    );
  }
  return text as T;
}
