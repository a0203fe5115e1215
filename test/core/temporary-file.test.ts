import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TemporaryFile } from "../../src/core/temporary-file.js";
import { writeFileAtomically } from "../../src/core/write-file.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-temporary-"));
const path = join(folder, "record.json");
afterAll(() => rmSync(folder, { recursive: true }));

test("a file appears when it is finished, and an abandoned one leaves what was there before", async () => {
  await writeFileAtomically(path, "first");
  const abandoned = new TemporaryFile(path);
  writeFileSync(abandoned.path, "half");
  await abandoned.abandon();
  expect(readFileSync(path, "utf8")).toBe("first");
  const finished = new TemporaryFile(path);
  writeFileSync(finished.path, "second");
  await finished.finish();
  expect(readFileSync(path, "utf8")).toBe("second");
  expect(readdirSync(folder)).toEqual(["record.json"]);
});

test("what is unfinished when the process ends is removed, and nothing else", async () => {
  const before = process.listenerCount("exit");
  const [one, two] = [new TemporaryFile(path), new TemporaryFile(path)];
  for (const { path: half } of [one, two]) writeFileSync(half, "half");
  expect(process.listenerCount("exit")).toBe(before + 1);
  await two.finish();
  const third = new TemporaryFile(path);
  process.listeners("exit").at(-1)?.call(process, 0);
  expect(readdirSync(folder)).toEqual(["record.json"]);
  expect(basename(third.path)).toMatch(/^record\.json\.[0-9a-f]{8}\.part$/);
  await one.abandon();
  await third.abandon();
  expect(process.listenerCount("exit")).toBe(before);
});

test("a file that cannot take its place leaves nothing half", async () => {
  const below = join(folder, "record.json", "a.json");
  await expect(writeFileAtomically(below, "text")).rejects.toThrow(/ENOTDIR|EEXIST/);
  await expect(writeFileAtomically(folder, "text")).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["record.json"]);
});
