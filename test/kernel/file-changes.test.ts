import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileChanges } from "../../kernel/compiler/file-changes.js";

let folder: string;
let path: string;
let changes: FileChanges;
let heard: number[];
const record = (_: string, event: number): void => void heard.push(event);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dn2-changes-"));
  path = join(folder, "a.ts");
  heard = [];
  changes = new FileChanges((file) => file, { readFile: (file) => readFileSync(file, "utf8") });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("FileChanges", () => {
  it("tells of files that appear, change and disappear, once each", () => {
    changes.watch(path, record);
    changes.report();
    writeFileSync(path, "1");
    changes.report();
    changes.report();
    writeFileSync(path, "2");
    changes.report();
    rmSync(path);
    changes.report();
    changes.report();
    expect(heard).toEqual([0, 1, 2]);
  });

  it("sees a change of equal length within one tick of the file system's clock", () => {
    writeFileSync(path, "1");
    const { atime, mtime } = statSync(path);
    changes.watch(path, record);
    writeFileSync(path, "2");
    utimesSync(path, atime, mtime);
    changes.report();
    expect(heard).toEqual([1]);
  });

  it("sees a change between the reading of a file and the beginning of the watching", () => {
    writeFileSync(path, "1");
    expect(changes.read(path)).toBe("1");
    writeFileSync(path, "2");
    changes.watch(path, record);
    changes.report();
    expect(heard).toEqual([1]);
  });

  it("says nothing about a file that was saved unchanged", () => {
    writeFileSync(path, "1");
    changes.watch(path, record);
    writeFileSync(path, "1");
    utimesSync(path, new Date(0), new Date(0));
    changes.report();
    expect(heard).toEqual([]);
  });

  it("tells of one change after the watching ended", () => {
    writeFileSync(path, "1");
    changes.watch(path, record).close();
    writeFileSync(path, "2");
    changes.report();
    writeFileSync(path, "3");
    changes.report();
    expect(heard).toEqual([1]);
  });
});
