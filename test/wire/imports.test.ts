import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, KernelClient, streamText } from "../helpers/kernel-client.js";

let kernel: KernelClient;
let project: string;
let folder: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "dn2-project-"));
  folder = join(project, "notebooks");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "helper.ts"),
    "export function half(x: number): number {\n  if (x < 0) throw new RangeError('negative');\n  return x / 2;\n}\n",
  );
  const subpath = join(folder, "node_modules", "with-subpath");
  mkdirSync(join(subpath, "lib"), { recursive: true });
  writeFileSync(
    join(subpath, "package.json"),
    JSON.stringify({
      name: "with-subpath",
      version: "1.0.0",
      type: "module",
      exports: { "./part": { types: "./lib/part.d.ts", default: "./lib/part.js" } },
    }),
  );
  writeFileSync(join(subpath, "lib", "part.js"), "export const part = 7;\n");
  writeFileSync(join(subpath, "lib", "part.d.ts"), "export declare const part: number;\n");
  kernel = await KernelClient.start({ folder });
});
afterAll(() => {
  kernel?.close();
  rmSync(project, { recursive: true, force: true });
});

describe("imports of a project", () => {
  const use = async (code: string): Promise<unknown> => {
    const { outputs } = await kernel.execute(code);
    return contentsOf(outputs, "execute_result")[0]?.data["text/plain"];
  };

  it("runs files above the notebook's folder, folders and files with dots in their names", async () => {
    const beside = join(project, "beside");
    mkdirSync(join(beside, "lib"), { recursive: true });
    writeFileSync(join(beside, "twice.ts"), "export const twice = (x: number): number => 2 * x;\n");
    writeFileSync(
      join(beside, "lib", "index.ts"),
      'import { twice } from "../twice.js";\nexport const four = (x: number): number => twice(twice(x));\n',
    );
    writeFileSync(join(folder, "with.dots.ts"), "export const dots = 3;\n");
    expect(await use('import { twice } from "../beside/twice"; twice(4)')).toBe("8");
    expect(await use('import { four } from "../beside/lib"; four(4)')).toBe("16");
    expect(await use('import { dots } from "./with.dots"; dots')).toBe("3");
    expect(await use('import { twice as again } from "../beside/twice.ts"; again(1)')).toBe("2");
    expect((await kernel.execute("const text: string = four(1);")).reply.ename).toBe("TypeScriptError");
  });

  it("checks the types in files above the notebook's folder", async () => {
    writeFileSync(join(project, "wrong.ts"), "\nexport const wrong: string = 5;\n");
    const { reply } = await kernel.execute('import { wrong } from "../wrong"; wrong');
    expect(reply).toMatchObject({ ename: "TypeScriptError" });
    expect(reply.traceback.join("\n")).toMatch(/TS2322.*wrong\.ts, line 2, column 14/);
  });

  it("reloads whatever imports a file that changed, and copes with files that import each other", async () => {
    writeFileSync(join(folder, "inner.ts"), "export const inner = 1;\n");
    writeFileSync(
      join(folder, "outer.ts"),
      'import { inner } from "./inner";\nimport { other } from "./other";\nexport const outer = () => inner + other();\n',
    );
    writeFileSync(
      join(folder, "other.ts"),
      'import { outer } from "./outer";\nexport const other = () => (typeof outer === "function" ? 10 : 0);\n',
    );
    expect(await use('import { outer } from "./outer"; outer()')).toBe("11");
    writeFileSync(join(folder, "inner.ts"), "export const inner = 2;\n");
    expect(await use('import { outer } from "./outer"; outer()')).toBe("12");
  });

  it("finds the packages of dn2 where the notebook's folder has none", async () => {
    expect(await use('import { Matrix } from "ml-matrix"; Matrix.ones(1, 2).sum()')).toBe("2");
  });

  it("imports JSON, and sees when it changes", async () => {
    writeFileSync(join(folder, "data.json"), '{ "a": 1 }');
    expect(await use('import data from "./data.json"; data.a')).toBe("1");
    writeFileSync(join(folder, "data.json"), '{ "a": 2 }');
    expect(await use('import data from "./data.json"; data.a')).toBe("2");
  });

  it("keeps modules that cells declare", async () => {
    await kernel.execute("/** @module declared */\nexport const declared = 9;");
    expect(await use('import { declared } from "./declared"; declared')).toBe("9");
  });

  it("runs files beside the notebook, and points into them", async () => {
    const good = await kernel.execute('import { half } from "./helper"; half(5)');
    expect(contentsOf(good.outputs, "execute_result")[0].data["text/plain"]).toBe("2.5");
    const bad = await kernel.execute("half(-1)");
    expect(bad.reply.traceback.join("\n")).toMatch(/helper\.ts, line 2/);
  });

  it("sees files that appear or change", async () => {
    expect((await kernel.execute('import { fresh } from "./fresh"; fresh')).reply.status).toBe("error");
    writeFileSync(join(folder, "fresh.ts"), "export const fresh = 1;\n");
    const created = await kernel.execute('import { fresh } from "./fresh"; fresh');
    expect(contentsOf(created.outputs, "execute_result")[0]?.data["text/plain"]).toBe("1");
    writeFileSync(join(folder, "fresh.ts"), "export const fresh = 22;\n");
    const changed = await kernel.execute('import { fresh } from "./fresh"; fresh');
    expect(contentsOf(changed.outputs, "execute_result")[0]?.data["text/plain"]).toBe("22");
  });

  it("sees what changed while no cell used a file", async () => {
    const path = join(folder, "dropped.ts");
    const code = 'import { dropped } from "./dropped"; dropped';
    writeFileSync(path, "export const dropped = 1;\n");
    expect(await use(code)).toBe("1");
    await kernel.execute("const dropped = 0;");
    await kernel.execute("1");
    writeFileSync(path, "export const dropped = 2;\n");
    expect(await use(code)).toBe("2");
  });

  it("type-checks and loads subpath exports", async () => {
    const good = await kernel.execute('import { part } from "with-subpath/part"; const p: number = part; p');
    expect(contentsOf(good.outputs, "execute_result")[0]?.data["text/plain"]).toBe("7");
    expect((await kernel.execute("const wrong: string = part;")).reply.ename).toBe("TypeScriptError");
  });

  it("knows Node's modules", async () => {
    const { outputs } = await kernel.execute(
      'import { readFileSync } from "node:fs"; console.log(readFileSync("helper.ts", "utf8").length > 0)',
    );
    expect(streamText(outputs)).toBe("true\n");
  });
});
