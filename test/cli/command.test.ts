import { describe, expect, it } from "vitest";
import { type Command, choice, parseCommand, UsageError, wholeNumber } from "../../cli/command.js";
import { helpText } from "../../cli/help.js";

const command: Command = {
  usage: "paint FILE [options]",
  summary: "Paints.",
  options: {
    color: { type: "string", value: "NAME", help: "which color" },
    dot: { type: "string", short: "d", multiple: true, value: "X", help: "where to put one" },
    fast: { type: "boolean", help: "hurry" },
  },
  run: async () => 0,
};

describe("the command line", () => {
  it("reads positionals, switches and values in any order", () => {
    expect(parseCommand(command, ["a.png", "--fast", "--color", "red"])).toEqual({
      positionals: ["a.png"],
      values: { fast: true, color: "red" },
      repeated: {},
    });
    expect(parseCommand(command, ["--color=red", "a.png"]).values.color).toBe("red");
  });

  it("keeps every value of an option that may be repeated, under its name and its letter", () => {
    const { repeated, values } = parseCommand(command, ["-d", "1=2", "--dot=-3", "-d4"]);
    expect({ repeated, values }).toEqual({ repeated: { dot: ["1=2", "-3", "4"] }, values: {} });
    expect(() => parseCommand(command, ["-d"])).toThrow("-d needs a value: -d X");
  });

  it("refuses an unknown option and lists the valid ones", () => {
    expect(() => parseCommand(command, ["--colour", "red"])).toThrow(UsageError);
    expect(() => parseCommand(command, ["--colour", "red"])).toThrow(
      "unknown option --colour (did you mean --color?); valid options are --color, --dot, --fast, --help",
    );
    expect(() => parseCommand(command, ["--constructor"])).toThrow(UsageError);
  });

  it("refuses an option without its value, and a switch with one", () => {
    expect(() => parseCommand(command, ["--color"])).toThrow("--color needs a value: --color NAME");
    expect(() => parseCommand(command, ["--color", "--fast"])).toThrow("--color needs a value: --color NAME");
    expect(() => parseCommand(command, ["--fast=yes"])).toThrow("--fast takes no value; got yes");
  });

  it("reads whole numbers and refuses everything else", () => {
    expect(wholeNumber({ k: "5" }, "k", 1, 2)).toBe(5);
    expect(wholeNumber({}, "k", 1, 2)).toBe(2);
    for (const text of ["", "0", "2.5", "-1", "many", "1e99", " "]) {
      expect(() => wholeNumber({ k: text }, "k", 1, 2)).toThrow(UsageError);
    }
  });

  it("reads one of several names and lists them when it is none", () => {
    expect(choice({ size: "large" }, "size", ["small", "large"], "small")).toBe("large");
    expect(() => choice({ size: "huge" }, "size", ["small", "large"], "small")).toThrow(
      "--size must be one of small, large; got huge",
    );
  });

  it("explains a command in a narrow terminal, what is long below its name", () => {
    const long = { value: "SOMETHING-OF-A-VERY-LONG-NAME", help: "one two three four five six seven eight" };
    const options = {
      plain: { type: "string", help: "which color of all that there are" },
      "a-long-one": { type: "string", ...long },
    } as const;
    expect(helpText({ ...command, options }, 60)).toBe(
      [
        "usage: npx dn2 paint FILE [options]",
        "",
        "Paints.",
        "",
        `  --plain${" ".repeat(31)}which color of all`,
        `${" ".repeat(40)}that there are`,
        "  --a-long-one SOMETHING-OF-A-VERY-LONG-NAME",
        `${" ".repeat(40)}one two three four`,
        `${" ".repeat(40)}five six seven eight`,
      ].join("\n"),
    );
  });

  it("explains a command", () => {
    expect(helpText(command)).toBe(
      [
        "usage: npx dn2 paint FILE [options]",
        "",
        "Paints.",
        "",
        "  --color NAME  which color",
        "  -d, --dot X   where to put one",
        "  --fast        hurry",
      ].join("\n"),
    );
  });
});
