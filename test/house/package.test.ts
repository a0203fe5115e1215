import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./sources.js";

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
const manifest = readJson("package.json");
const lock = readJson("package-lock.json");
const groups = ["dependencies", "devDependencies", "optionalDependencies"];

test("the lock file is that of package.json", () => {
  for (const group of groups) expect(lock.packages[""][group]).toEqual(manifest[group]);
});

test("the lock file names no host, and every package in it has a checksum", () => {
  const entries = Object.entries<{ resolved?: string; integrity?: string }>(lock.packages).filter(
    ([path]) => path !== "",
  );
  expect(entries.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  expect(entries.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
});

test("the lock file has the binaries of every platform", () => {
  const missing = Object.entries<{ optionalDependencies?: object }>(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter(
        (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
      )
      .map((name) => `${path} -> ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(["README.md", "CONTRIBUTING.md"].filter((path) => existsSync(join(root, path))))(
  "every npm command in %s exists",
  (path) => {
    const text = readFileSync(join(root, path), "utf8");
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      (match) => match[1] ?? match[2],
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  },
);

test("every script of package.json starts a file or a program that is there", () => {
  for (const command of Object.values<string>(manifest.scripts)) {
    const [program, file] = command.split(" ");
    const path = program === "node" ? file : `node_modules/.bin/${program}`;
    expect(existsSync(join(root, path)), command).toBe(true);
  }
});
