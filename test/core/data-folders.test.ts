import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { cacheFolder, dataFolders, findData, packageRoot } from "../../src/core/data-folders.js";

afterEach(() => vi.unstubAllEnvs());

describe("data folders", () => {
  it("are those named in DN2_DATA, then the cache", () => {
    vi.stubEnv("DN2_DATA", ["/first", "", "second"].join(delimiter));
    vi.stubEnv("DN2_CACHE", "/cache");
    expect(dataFolders()).toEqual([resolve("/first"), resolve("second"), resolve("/cache")]);
  });

  it("are the cache in the home folder when nothing is set", () => {
    vi.stubEnv("DN2_DATA", undefined);
    vi.stubEnv("DN2_CACHE", undefined);
    expect(dataFolders()).toEqual([join(homedir(), ".cache", "dn2")]);
    expect(cacheFolder()).toBe(dataFolders()[0]);
  });

  it("are searched in their order", () => {
    const folder = mkdtempSync(join(tmpdir(), "dn2-test-"));
    for (const name of ["a", "b"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "b", "x"), "");
    vi.stubEnv("DN2_DATA", join(folder, "a"));
    vi.stubEnv("DN2_CACHE", join(folder, "b"));
    expect(findData("x")).toBe(join(folder, "b", "x"));
    writeFileSync(join(folder, "a", "x"), "");
    expect(findData("x")).toBe(join(folder, "a", "x"));
    expect(findData("y")).toBeUndefined();
    rmSync(folder, { recursive: true });
  });
});

describe("packageRoot", () => {
  it("is the folder of this package", () => {
    expect(existsSync(join(packageRoot(), "src", "core", "data-folders.ts"))).toBe(true);
  });
});
