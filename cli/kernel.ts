import { delimiter, join, resolve } from "node:path";
import {
  installKernelSpec,
  kernelDisplayName,
  kernelSpecFolder,
  kernelSpecState,
  registeredProgram,
  uninstallKernelSpec,
  userDataFolder,
} from "../kernel/spec/kernel-spec.js";
import { packageRoot } from "../src/core/data-folders.js";
import { isFolder } from "../src/core/what-is-there.js";
import { type Command, type CommandArguments, UsageError } from "./command.js";

const placeOptions = {
  user: { type: "boolean", help: "for all front ends of this user, VS Code among them" },
  prefix: { type: "string", value: "FOLDER", help: "for one Python environment, for example .venv" },
} as const;

/** `dn2 kernel install`: registers the kernel with front ends. */
export const kernelInstallCommand: Command = {
  usage: "kernel install --user | --prefix FOLDER",
  summary: `Registers the kernel "${kernelDisplayName}" for VS Code, JupyterLab and other front ends.`,
  options: placeOptions,
  async run(given) {
    const prefix = placeOf("install", given);
    const before = await registeredProgram(prefix);
    const folder = await installKernelSpec(prefix);
    const now = await registeredProgram(prefix);
    process.stdout.write(`${kernelDisplayName} is registered in ${folder}\n`);
    if (before !== undefined && before !== now) process.stdout.write(`before, it started ${before}\n`);
    return 0;
  },
};

/** `dn2 kernel uninstall`: removes the registration. */
export const kernelUninstallCommand: Command = {
  usage: "kernel uninstall --user | --prefix FOLDER",
  summary: "Removes the registration of the kernel.",
  options: placeOptions,
  async run(given) {
    const prefix = placeOf("uninstall", given);
    const folder = kernelSpecFolder(prefix);
    const was = await uninstallKernelSpec(prefix);
    process.stdout.write(was ? `removed ${folder}\n` : `nothing to remove: there is no ${folder}\n`);
    return 0;
  },
};

/** `dn2 kernel list`: where the kernel is registered. */
export const kernelListCommand: Command = {
  usage: "kernel list",
  summary: "Says where the kernel is registered and which program it starts.",
  options: {},
  async run({ positionals }) {
    if (positionals.length > 0)
      throw new UsageError(`kernel list takes no arguments; got ${positionals.join(" ")}`);
    for (const prefix of places()) {
      const state = await kernelSpecState(prefix);
      const text = {
        current: "starts this package",
        outdated: `starts ${await registeredProgram(prefix)}; \`npx dn2 kernel install ${placeOption(prefix)}\` renews it`,
        absent: "not registered",
      }[state];
      process.stdout.write(`${kernelSpecFolder(prefix)}: ${text}\n`);
    }
    return 0;
  },
};

function placeOf(verb: string, { positionals, values }: CommandArguments): string {
  const wanted = `kernel ${verb} needs one of --user and --prefix FOLDER`;
  if (positionals.length > 0) throw new UsageError(`${wanted}; got ${positionals.join(" ")}`);
  if ((values.user === true) === (values.prefix !== undefined)) {
    throw new UsageError(`${wanted}; got ${values.user ? "both" : "none"}`);
  }
  if (values.user) return userDataFolder();
  const prefix = resolve(String(values.prefix));
  if (!isFolder(prefix)) {
    throw new UsageError(`--prefix must be a folder that exists; ${prefix} is none`);
  }
  return prefix;
}

function placeOption(prefix: string): string {
  return prefix === userDataFolder() ? "--user" : `--prefix ${prefix}`;
}

/** The user's folder, this clone's environment, and those that are active. */
function places(): Set<string> {
  const { VIRTUAL_ENV, CONDA_PREFIX, JUPYTER_PATH = "" } = process.env;
  const active = [VIRTUAL_ENV, CONDA_PREFIX].filter(
    (folder) => folder !== undefined && folder !== "",
  ) as string[];
  const listed = JUPYTER_PATH.split(delimiter)
    .filter((folder) => /[/\\]share[/\\]jupyter[/\\]?$/.test(folder))
    .map((folder) => resolve(folder, "..", ".."));
  return new Set([userDataFolder(), join(packageRoot(), ".venv"), ...active, ...listed]);
}
