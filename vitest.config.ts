import { defineConfig } from "vitest/config";
import { findChromium } from "./scripts/setup/chromium.mjs";
import { jupyterEnvironment } from "./scripts/setup/jupyter-server.mjs";
import { pathsOf, projectRoot } from "./scripts/setup/paths.mjs";

const chromium = findChromium();

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    env: {
      TZ: "UTC",
      ...jupyterEnvironment(pathsOf(projectRoot)),
      ...(chromium ? { DN2_CHROMIUM: chromium } : {}),
    },
  },
});
