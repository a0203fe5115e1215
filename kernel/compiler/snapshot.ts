import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { builtinModules, createRequire } from "node:module";
import { constants, setPriority, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../package-root.js";
import { tslabFolder } from "../tslab/executor.js";
import type { CompilerPaths } from "./compiler.js";

/** The compiler and all that it loads, in one file. */
export const compilerBundle = join(packageRoot, "dist", "kernel", "compiler.cjs");

/** Where snapshots lie: DN2_KERNEL_CACHE, else a folder of the package. */
const cacheFolder = (): string => process.env.DN2_KERNEL_CACHE ?? join(packageRoot, ".cache", "kernel");

/** Arguments with which Node runs the compiler: room for the young objects of the type checker. */
const nodeArguments = ["--max-semi-space-size=32"];

/** How to start the compiler. */
export interface CompilerCommand {
  /** The program. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The snapshot from which it starts, if it does. */
  readonly snapshot?: string;
}

/** @returns the command that starts the compiler, from a snapshot where there is one */
export function compilerCommand(): CompilerCommand {
  const path = snapshotPath();
  if (path === undefined || !existsSync(path)) return plainCommand();
  return { program: process.execPath, args: [...nodeArguments, "--snapshot-blob", path], snapshot: path };
}

/** @returns the command that starts the compiler without a snapshot */
export function plainCommand(): CompilerCommand {
  return {
    program: process.execPath,
    args: [...nodeArguments, compilerBundle, JSON.stringify(paths())],
  };
}

/**
 * Makes the snapshot from which the compiler starts in a fraction of the time. It serves this version of Node and this
 * build of the compiler only.
 *
 * @returns whether there is one now
 * @throws Error when its folder cannot be written
 */
export async function buildSnapshot(): Promise<boolean> {
  const path = snapshotPath();
  if (path === undefined) return false;
  if (existsSync(path)) return true;
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments,
      ...["--snapshot-blob", partial, "--build-snapshot", compilerBundle],
      ...[JSON.stringify(paths()), tmpdir()],
    ],
    { cwd: packageRoot, stdio: "ignore" },
  );
  const closed = once(child, "close");
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const [code] = await closed;
  if (code !== 0 || !existsSync(partial)) {
    await rm(partial, { force: true });
    return false;
  }
  await rename(partial, path);
  await removeOutdated(path);
  return true;
}

function paths(): CompilerPaths {
  const tslab = tslabFolder(packageRoot);
  const own = join(packageRoot, "node_modules", "@types");
  const types = existsSync(join(own, "node")) ? own : join(dirname(tslab), "node_modules", "@types");
  const typescript = createRequire(join(tslab, "index.js")).resolve("@tslab/typescript-for-tslab");
  return { packageRoot, tslab, typescript, types, builtins: builtinModules };
}

/**
 * @returns where the snapshot of this build and this version of Node lies; undefined where the compiler was not built,
 * or paths begin with letters of drives, for which `VirtualFolder` is not made
 */
export function snapshotPath(): string | undefined {
  const bundle = statSync(compilerBundle, { throwIfNoEntry: false });
  if (!bundle || process.platform === "win32") return undefined;
  const key = [packageRoot, bundle.size, bundle.mtimeMs, process.arch, ...nodeArguments].join("\n");
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return join(cacheFolder(), `${process.version}-${hash}.snapshot`);
}

async function removeOutdated(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    const other = join(folder, name);
    if (name.startsWith(`${process.version}-`) && name.endsWith(".snapshot") && other !== path)
      await rm(other, { force: true });
  }
}
