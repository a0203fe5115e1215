import { build } from "esbuild";
import { expect, it } from "vitest";

it("tables, scores, groups and metrics bundle for the browser without any module of Node", async () => {
  const modules = ["neighbors/neighbor-table", "scoring/index", "metrics/index"];
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map((module) => `export * from "./src/${module}.js";`).join("\n"),
      resolveDir: new URL("../..", import.meta.url).pathname,
    },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
  });
  const [{ text }] = outputFiles;
  expect(text).not.toMatch(/node:|Buffer|process\./);
  expect(text.length).toBeLessThan(30_000);
});
