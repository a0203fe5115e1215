import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { linkTree } from "../../scripts/setup/link-tree.mjs";
import { installedPackages } from "../../scripts/setup/npm-packages.mjs";
import { pathsOf } from "../../scripts/setup/paths.mjs";
import { readState, recordStep } from "../../scripts/setup/state.mjs";
import { venvMark } from "../../scripts/setup/venv.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-installed-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
}

const natives = { "node_modules/@tensorflow/tfjs-node": { version: "4", optional: true } };
const wanted = {
  "": {},
  "node_modules/a": { version: "1" },
  "node_modules/mac": { version: "1", optional: true },
};

function install(found: Record<string, object>): number {
  write("package-lock.json", { packages: { ...wanted, ...natives } });
  write("node_modules/.package-lock.json", { packages: found });
  for (const name of ["typescript", "tslab", "@tensorflow/tfjs"])
    write(`node_modules/${name}/package.json`, {});
  return installedPackages(pathsOf(folder));
}

test("packages are complete though another platform's are missing", () => {
  expect(install({ "node_modules/a": { version: "1" }, ...natives })).toBe(2);
});

test("a missing package, another version and a native part that npm left out are seen", () => {
  expect(install(natives)).toBe(0);
  expect(install({ "node_modules/a": { version: "2" }, ...natives })).toBe(0);
  expect(install({ "node_modules/a": { version: "1" } })).toBe(0);
});

test("node_modules without npm's own list is half-made", () => {
  write("package-lock.json", { packages: wanted });
  write("node_modules/a/package.json", {});
  expect(installedPackages(pathsOf(folder))).toBe(0);
});

test("a .venv without a mark, or marked while packages were being installed, is half-made", () => {
  const paths = pathsOf(folder);
  write(paths.venvPython.slice(folder.length), "");
  expect(venvMark(paths)).toBeUndefined();
  write(".venv/dn2.json", { stage: "installing", python: "3.12.1", requirements: "" });
  expect(venvMark(paths)).toBeUndefined();
  write(".venv/dn2.json", { stage: "made", place: paths.venv, python: "3.12.1", requirements: "" });
  expect(venvMark(paths)?.python).toBe("3.12.1");
});

test("a .venv whose Python is gone, or that was moved with the clone, is made anew", () => {
  const paths = pathsOf(folder);
  const mark = { stage: "complete", place: paths.venv, python: "3.12.1", requirements: "x" };
  write(".venv/dn2.json", mark);
  expect(venvMark(paths)).toBeUndefined();
  write(paths.venvPython.slice(folder.length), "");
  expect(venvMark(paths)).toBeDefined();
  write(".venv/dn2.json", { ...mark, place: "elsewhere" });
  expect(venvMark(paths)).toBeUndefined();
});

test("a damaged state file counts as none, and outcomes of steps add up", () => {
  const { state } = pathsOf(folder);
  write(".dn2/setup.json", '{"steps": {"a": ');
  expect(readState(state)).toEqual({});
  recordStep(state, "a", { key: "1", available: true, detail: "x" });
  recordStep(state, "b", { key: "2", available: false, detail: "y", remedy: "z" });
  expect(Object.keys(readState(state))).toEqual(["a", "b"]);
});

test.skipIf(process.platform === "win32")(
  "a tree is brought over whole, links as links, and over what was there",
  () => {
    write("from/lib/deep/a.txt", "new");
    symlinkSync("deep/a.txt", join(folder, "from/lib/b.txt"));
    write("from/other.txt", "left behind");
    write("to/lib/deep/a.txt", "old");
    linkTree(join(folder, "from"), join(folder, "to"), ["lib"]);
    linkTree(join(folder, "from"), join(folder, "to"), ["lib"]);
    expect(readFileSync(join(folder, "to/lib/b.txt"), "utf8")).toBe("new");
    expect(() => readFileSync(join(folder, "to/other.txt"))).toThrow();
  },
);
