import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesIn, root } from "./sources.js";

const tracked = existsSync(join(root, ".git"))
  ? execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter((path) => path !== "" && existsSync(join(root, path)))
  : filesIn(["src", "kernel", "cli", "scripts", "bench", "test"], /\.\w+$/);
const isText = (path: string) =>
  /\.(ts|js|mjs|cjs|py|json|md|ipynb|txt|yml|css|html)$|(^|\/)(\.npmrc|run)$/.test(path);
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("no source file is longer than 320 lines", () => {
  const long = tracked
    .filter((path) => /^(src|kernel|cli|scripts|bench|test)\/.*\.(ts|mjs|js|py)$/.test(path))
    .map((path) => ({ path, lines: read(path).split("\n").length }))
    .filter(({ lines }) => lines > 320);
  expect(long).toEqual([]);
});

test("no file names a folder of one machine, a registry's host, or work left to do", () => {
  const words = [
    ...["/work/", "/root/", "/home/"].map((folder) => `(?<![\\w.])${folder}\\w`),
    ...["registry\\.npm", "pypi\\.", "pythonhosted", "deb\\.debian"],
    ...["TO" + "DO", "FIX" + "ME", "X" + "XX"].map((word) => `\\b${word}\\b`),
  ];
  const forbidden = new RegExp(words.join("|"));
  const found = tracked
    .filter((path) => isText(path) && path !== "test/house/files.test.ts")
    .flatMap((path) =>
      read(path)
        .split("\n")
        .flatMap((line, i) =>
          forbidden.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 120)}`] : [],
        ),
    );
  expect(found).toEqual([]);
});

test("file names are in kebab case", () => {
  const odd = tracked
    .filter((path) => /^(src|kernel|cli|scripts)\//.test(path))
    .filter((path) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(path.split("/").at(-1) ?? ""));
  expect(odd).toEqual([]);
});

test("no file is above 5 MB, no notebook above 2 MB", () => {
  const large = tracked
    .map((path) => ({ path, bytes: readFileSync(join(root, path)).length }))
    .filter(({ path, bytes }) => bytes > (path.endsWith(".ipynb") ? 2e6 : 5e6));
  expect(large).toEqual([]);
});
