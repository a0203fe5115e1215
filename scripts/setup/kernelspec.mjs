import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readJson } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/** @type {import("./context.mjs").Step} */
export const kernelspec = {
  name: "kernelspec",
  title: "notebook kernel",
  needs: ["build", "jupyter", "link"],
  async run({ paths }) {
    const module = join(paths.dist, "kernel", "spec", "kernel-spec.js");
    if (!existsSync(module)) throw new SetupError("the kernel was not built", "run `npm run build`");
    const { installKernelSpec } = await import(pathToFileURL(module).href);
    const before = existsSync(paths.kernelspec) ? readFileSync(paths.kernelspec, "utf8") : "";
    await installKernelSpec(paths.venv);
    const after = readFileSync(paths.kernelspec, "utf8");
    return { detail: before === after ? "up to date" : readJson(paths.kernelspec).display_name };
  },
};

/**
 * @param {import("./paths.mjs").Paths} paths
 * @returns {string} why the installed kernelspec cannot be used; "" when it can
 */
export function kernelspecProblem(paths) {
  const spec = readJson(paths.kernelspec);
  if (!spec) return "not installed";
  const missing = spec.argv.filter(
    (/** @type {string} */ arg) => /^(\/|[A-Z]:\\)/.test(arg) && !existsSync(arg),
  );
  return missing.length > 0 ? `it names ${missing[0]}, which is not there (was the clone moved?)` : "";
}
