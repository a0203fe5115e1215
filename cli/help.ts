import type { Command } from "./command.js";

/** Columns of a terminal that does not say how wide it is, and the most that are used. */
const usualWidth = 100;
const widestLeft = 36;

/**
 * The help text of a command.
 *
 * @param command - the command
 * @param width - columns of the terminal, default 100
 * @returns usage, summary and the options
 */
export function helpText(command: Command, width = usualWidth): string {
  const rows = Object.entries(command.options).map(([name, { short, value, help }]) => [
    `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
    help,
  ]);
  return [
    `usage: npx dn2 ${command.usage}`,
    "",
    ...wrapped(command.summary, lineWidth(width)),
    ...(rows.length > 0 ? ["", ...twoColumns(rows, width)] : []),
  ].join("\n");
}

/**
 * @param commands - the commands
 * @param width - columns of the terminal, default 100
 * @returns what each of them does
 */
export function overviewText(commands: readonly Command[], width = usualWidth): string {
  return [
    "dn2 explores image anomaly detection by deep nearest neighbours",
    "",
    ...twoColumns(
      commands.map(({ usage, summary }) => [`npx dn2 ${usage}`, summary]),
      width,
    ),
    "",
    "npx dn2 COMMAND --help lists a command's options",
  ].join("\n");
}

/** What stands on the right begins below what is too long for the left. */
function twoColumns(rows: readonly string[][], width: number): string[] {
  const left = Math.min(widestLeft, Math.max(...rows.map(([name]) => name.length)));
  const indent = " ".repeat(left + 4);
  return rows.flatMap(([name, text]) => {
    const [first, ...others] = wrapped(text, lineWidth(width) - indent.length);
    const start =
      name.length > left ? [`  ${name}`, `${indent}${first}`] : [`  ${name.padEnd(left)}  ${first}`];
    return [...start, ...others.map((line) => indent + line)];
  });
}

function lineWidth(width: number): number {
  return Math.min(usualWidth, Math.max(60, width));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
