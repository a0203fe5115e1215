import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/core/data-folders.js";
import { DataError } from "../src/core/errors.js";
import { type Command, UsageError } from "./command.js";

/** `dn2 doctor`: what of the installation is there, and how to get what is not. */
export const doctorCommand: Command = {
  usage: "doctor",
  summary:
    "Says what is installed (Node, engines, Python, kernel, data folders) and how to get what is missing.",
  options: { json: { type: "boolean", help: "print the report as JSON" } },
  async run({ positionals, values }) {
    if (positionals.length > 0) throw new UsageError(`doctor takes no names; got ${positionals.join(" ")}`);
    const script = join(packageRoot(), "scripts", "setup.mjs");
    if (!existsSync(script)) {
      throw new DataError(`the set-up script must be in ${script}; clone the project again`, script);
    }
    const args = [script, "--check", ...(values.json ? ["--json"] : [])];
    const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
    return status ?? 1;
  },
};
