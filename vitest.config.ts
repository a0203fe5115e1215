import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { findChromium } from "./scripts/setup/chromium.mjs";
import { jupyterEnvironment } from "./scripts/setup/jupyter-server.mjs";
import { pathsOf, projectRoot } from "./scripts/setup/paths.mjs";

const chromium = findChromium();
/** Features that tests keep go to a folder of this run alone. */
const cache = mkdtempSync(join(tmpdir(), "dn2-cache-"));
process.on("exit", () => rmSync(cache, { recursive: true, force: true }));

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Tests of the kernel and the browser run other programs, which a strange machine can disturb once.
    retry: process.env.CI ? 2 : 0,
    env: {
      TZ: "UTC",
      ...jupyterEnvironment(pathsOf(projectRoot)),
      DN2_CACHE: cache,
      DN2_FEATURES: "",
      ...(chromium ? { DN2_CHROMIUM: chromium } : {}),
    },
  },
});
