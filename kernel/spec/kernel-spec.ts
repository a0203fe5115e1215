import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeFileAtomically } from "../../src/core/write-file.js";
import { packageRoot } from "../package-root.js";
import { nodeArguments } from "./node-arguments.js";

/** Name under which front ends know the kernel. */
export const kernelName = "dn2";

/** Name that front ends show. */
export const kernelDisplayName = "DN2 (TypeScript)";

/** Entry file of the built kernel. */
export const kernelMain = join(packageRoot, "dist", "kernel", "main.js");

/**
 * What front ends need to know to start the kernel.
 *
 * @returns content of kernel.json
 */
export function kernelSpec(): Record<string, unknown> {
  return {
    argv: [process.execPath, ...nodeArguments(), kernelMain, "{connection_file}"],
    display_name: kernelDisplayName,
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/**
 * Registers the kernel with Jupyter.
 *
 * @param prefix - a Python environment's folder, for example ".venv", or `userDataFolder()` for all of the user's front ends
 * @returns folder of the kernelspec
 * @throws Error when the kernel is not built
 */
export async function installKernelSpec(prefix: string): Promise<string> {
  if (!existsSync(kernelMain)) throw new Error(`${kernelMain} is missing; run npm run build first`);
  const folder = kernelSpecFolder(prefix);
  await mkdir(folder, { recursive: true });
  await writeFileAtomically(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  const logo = join(packageRoot, "kernel", "spec", "logo-svg.svg");
  if (existsSync(logo)) await copyFile(logo, join(folder, "logo-svg.svg"));
  return folder;
}

/**
 * Removes the kernel from Jupyter.
 *
 * @param prefix - as given to `installKernelSpec`
 * @returns whether it was there
 */
export async function uninstallKernelSpec(prefix: string): Promise<boolean> {
  const folder = kernelSpecFolder(prefix);
  const there = existsSync(folder);
  await rm(folder, { recursive: true, force: true });
  return there;
}

/**
 * Looks for the registration.
 *
 * @param prefix - as given to `installKernelSpec`
 * @returns "current" when it starts this package with this Node, "outdated" when it starts another, "absent" otherwise
 */
export async function kernelSpecState(prefix: string): Promise<"current" | "outdated" | "absent"> {
  try {
    const content = await readFile(join(kernelSpecFolder(prefix), "kernel.json"), "utf8");
    return content.trim() === JSON.stringify(kernelSpec(), null, 2) ? "current" : "outdated";
  } catch {
    return "absent";
  }
}

/**
 * Which program a registration starts.
 *
 * @param prefix - as given to `installKernelSpec`
 * @returns path of the kernel's entry file; undefined when nothing is registered
 */
export async function registeredProgram(prefix: string): Promise<string | undefined> {
  try {
    const { argv } = JSON.parse(await readFile(join(kernelSpecFolder(prefix), "kernel.json"), "utf8"));
    return argv.find((word: string) => /\.[cm]?js$/.test(word)) ?? argv.join(" ");
  } catch {
    return undefined;
  }
}

/**
 * Where Jupyter looks for the user's own kernels, on this operating system.
 *
 * @returns a prefix for `installKernelSpec`
 */
export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/**
 * Folder of the kernelspec.
 *
 * @param prefix - a Python environment's folder or `userDataFolder()`
 * @returns the folder
 */
export function kernelSpecFolder(prefix: string): string {
  const data = prefix === userDataFolder() ? prefix : join(prefix, "share", "jupyter");
  return join(data, "kernels", kernelName);
}
