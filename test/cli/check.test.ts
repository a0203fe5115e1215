import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { encodePng } from "../../src/images/index.js";
import { runExperiment, runRecordMime } from "../../src/protocols/index.js";
import { commandLine } from "../helpers/command-line.js";

let folder: string;
let content: Record<string, unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-check-"));
  const random = new Random(1);
  for (const part of ["train", "test"]) {
    for (const name of ["a", "b"]) {
      const path = join(folder, "set", part, name);
      await mkdir(path, { recursive: true });
      for (let i = 0; i < 5; i++) {
        const data = Uint8Array.from({ length: 8 * 8 * 3 }, () => random.integer(name === "a" ? 256 : 200));
        await writeFile(join(path, `${i}.png`), encodePng({ width: 8, height: 8, channels: 3, data }));
      }
    }
  }
  const record = await runExperiment("unimodal", {
    dataset: join(folder, "set"),
    extractor: "pixels",
    replicates: 100,
  });
  content = JSON.parse(JSON.stringify(record));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function notebookWith(name: string, record: unknown): Promise<string> {
  const output = {
    output_type: "execute_result",
    execution_count: 1,
    metadata: {},
    data: { "text/plain": "a record", ...(record ? { [runRecordMime]: record } : {}) },
  };
  const cell = {
    cell_type: "code",
    source: "record",
    metadata: {},
    execution_count: 1,
    outputs: [output],
  };
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 }));
  return path;
}

async function notebookWithout(name: string): Promise<string> {
  const cells = [{ cell_type: "code", source: "1", metadata: {}, execution_count: null, outputs: [] }];
  const path = join(folder, name);
  await writeFile(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }));
  return path;
}

const check = (...args: string[]) => commandLine("check", ...args);

describe("dn2 check", () => {
  it("says equal with exit code 0 when a notebook's figures come out again", async () => {
    const { code, out } = await check(await notebookWith("same.ipynb", content));
    expect(out).toMatch(/^cell 1: unimodal on set with pixels.*: equal \(21 figures, .* 0\.000 points\)\n$/);
    expect(code).toBe(0);
  });

  it("says what differs with exit code 1", async () => {
    const changed = structuredClone(content) as { rocAuc: { mean: number } };
    changed.rocAuc.mean -= 0.02;
    const { code, out } = await check(await notebookWith("changed.ipynb", changed));
    expect(out).toMatch(/: differs\n {2}mean: \d+\.\d\d in the record, \d+\.\d\d now\n$/);
    expect(code).toBe(1);
  });

  it("computes a record file again", async () => {
    const path = join(folder, "record.json");
    await writeFile(path, JSON.stringify(content));
    const same = await check(path);
    expect(same.out).toMatch(/record\.json: unimodal on set with pixels.*: equal \(21 figures, /);
    expect(same.code).toBe(0);
    const changed = structuredClone(content) as { rocAuc: { perClass: { value: number }[] } };
    changed.rocAuc.perClass[0].value -= 0.01;
    await writeFile(path, JSON.stringify(changed));
    const other = await check(path);
    expect(other.out).toMatch(/: differs\n {2}a: \d+\.\d\d in the record/);
    expect(other.code).toBe(1);
  });

  it.each([
    ["text", "no record", /cannot read the record .*JSON/],
    ["other JSON", "[1]", /must be a run record, as npx dn2 run EXPERIMENT --json prints it/],
    ["null", "null", /must be a run record/],
  ])("answers a .json file with %s with one sentence", async (_, text, message) => {
    const path = join(folder, "bad.json");
    await writeFile(path, text);
    const { code, out, err } = await check(path);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(message);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  it("says of a record without its options that it cannot be run again", async () => {
    const path = join(folder, "old.json");
    await writeFile(path, JSON.stringify({ ...content, options: {} }));
    const { code, err } = await check(path);
    expect(code).toBe(1);
    expect(err).toMatch(/holds the options it was made with; this one does not/);
  });

  it("--execute runs the cells with the values of the last run, and compares what they say", async () => {
    const cell = (source: string, text: string, tags: string[] = []) => ({
      ...{ cell_type: "code", source, metadata: { tags }, execution_count: 1 },
      outputs: text ? [{ output_type: "stream", name: "stdout", text }] : [],
    });
    const write = async (name: string, text: string) => {
      const cells = [
        cell("const k = 2;", "", ["parameters"]),
        cell('console.log("k = " + k + ", half of it", k / 2)', "k = 3, half of it 1.5\n"),
        cell('console.log("always the same")', text),
      ];
      const metadata = { dn2: { parameters: { k: 3 } } };
      await writeFile(
        join(folder, name),
        JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 4 }),
      );
      return join(folder, name);
    };
    const same = await check(await write("same.ipynb", "always the same\n"), "--execute");
    expect(same).toMatchObject({ code: 0, out: "cell 2: equal (2 numbers)\ncell 3: equal (0 numbers)\n" });
    const other = await check(await write("other.ipynb", "once different\n"), "--execute");
    expect(other.code).toBe(1);
    expect(other.out).toContain("cell 3: differs\n  was once different\n  now always the same\n");
    const fresh = await check(await notebookWithout("fresh.ipynb"), "--execute");
    expect(fresh.err).toContain("must be an executed notebook; its cells have no output");
    const record = join(folder, "some.json");
    await writeFile(record, JSON.stringify(content));
    expect(await check(record, "--execute")).toMatchObject({ code: 2, out: "" });
  });

  it("answers a notebook without records, a file that is none and missing arguments with one sentence", async () => {
    const none = await check(await notebookWith("none.ipynb", undefined));
    expect(none).toMatchObject({ code: 1, out: "" });
    expect(none.err).toContain("shows no run record");
    const path = join(folder, "text.ipynb");
    await writeFile(path, "no notebook");
    expect((await check(path)).code).not.toBe(0);
    expect((await check()).code).toBe(2);
  });
});
