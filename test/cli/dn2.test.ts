import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { readNpy } from "../../src/extractors/npy.js";
import { encodePng } from "../../src/images/index.js";
import { describeReal, realData } from "../helpers/real-data.js";

const program = join(import.meta.dirname, "../../dist/cli/dn2.js");

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function dn2(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  if (!existsSync(program)) throw new Error(`${program} must exist; run npm run build first`);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dn2-cli-"));
  const random = new Random(3);
  for (const name of ["one.png", "two.png", "three.png"]) {
    const data = Uint8Array.from({ length: 20 * 16 * 3 }, () => random.integer(256));
    await writeFile(join(folder, name), encodePng({ width: 20, height: 16, channels: 3, data }));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("dn2 on the command line", () => {
  it("lists its commands, and answers an unknown one with the list and exit code 2", async () => {
    const help = await dn2(["--help"]);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain("npx dn2 run EXPERIMENT");
    const wrong = await dn2(["fly"]);
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/^dn2: unknown command fly; valid commands are run, extract, /);
  });

  it("answers unknown options, experiments, data sets and extractors with the valid ones and exit code 2", async () => {
    const cases: [string[], RegExp][] = [
      [
        ["run", "unimodal", "--kk", "3"],
        /unknown option --kk \(did you mean --k\?\); valid options are .*--dataset/,
      ],
      [["run", "sideways"], /unknown experiment sideways; valid experiments are unimodal/],
      [["run", "unimodal", "--dataset", "nowhere"], /unknown data set nowhere; valid data sets are .*wbc/],
      [["run", "unimodal", "--extractor", "resnet1"], /--extractor must be one of .*embedded/],
      [
        ["run", "unimodal", "--layer", "roof"],
        /--layer: unknown layer of embedded: roof; choose from .*blocks\.5/,
      ],
      [["run", "unimodal", "--k", "0"], /--k must be a whole number of at least 1; got 0/],
      [["extract"], /extract needs one folder/],
      [["extract", folder], /--output FILE.npy is needed/],
    ];
    const outcomes = await Promise.all(cases.map(([args]) => dn2(args)));
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      expect(stderr).toMatch(cases[i][1]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
  });

  it("writes features as .npy with the file names beside it, exit code 0", async () => {
    const output = join(folder, "features.npy");
    const { code, stderr } = await dn2(["extract", folder, "--extractor", "embedded", "--output", output]);
    expect(stderr).toContain("3 x 256 float32");
    expect(code).toBe(0);
    const { shape, data } = await readNpy(output);
    expect(shape).toEqual([3, 256]);
    expect(data).toBeInstanceOf(Float32Array);
    expect(JSON.parse(await readFile(join(folder, "features.json"), "utf8")).files).toEqual([
      "one.png",
      "three.png",
      "two.png",
    ]);
  });

  it("keeps the good images when some are bad: one line for each bad one, exit code 3", async () => {
    const bad = join(folder, "bad.png");
    const output = join(folder, "some.npy");
    await writeFile(bad, "this is no picture");
    const { code, stderr } = await dn2(["extract", folder, "--output", output]);
    await rm(bad);
    expect(code).toBe(3);
    expect(stderr.split("\n").filter((line) => line.includes("bad.png"))).toHaveLength(1);
    expect((await readNpy(output)).shape).toEqual([3, 256]);
  });

  it("runs the unimodal experiment on embedded data and weights and prints one JSON record", async () => {
    const { code, stdout, stderr } = await dn2([
      "run",
      "unimodal",
      "--limit-train",
      "20",
      "--limit-test",
      "8",
      "--json",
    ]);
    expect(stderr).not.toContain("dn2:");
    expect(code).toBe(0);
    const record = JSON.parse(stdout);
    expect(stdout.trim().split("\n")).toHaveLength(1);
    expect(record).toMatchObject({
      experiment: "unimodal",
      dataset: { name: "synthetic", train: 80, unreadable: 0 },
      extractor: { name: "embedded", dimensions: 256 },
      k: 2,
      distance: "squared",
    });
    expect(record.rocAuc.perClass).toHaveLength(4);
    for (const { class: name, value } of record.rocAuc.perClass) {
      expect(typeof name).toBe("string");
      expect(value).toBeGreaterThan(0.5);
      expect(value).toBeLessThanOrEqual(1);
    }
    const mean =
      record.rocAuc.perClass.reduce((sum: number, { value }: { value: number }) => sum + value, 0) / 4;
    expect(record.rocAuc.mean).toBeCloseTo(mean, 12);
    expect(record.reductions).toHaveLength(2);
  });

  it("refuses a k above the number of training images before it extracts anything", async () => {
    const { code, stderr } = await dn2(["run", "unimodal", "--limit-train", "4", "--k", "5"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/k must be an integer from 1 to 4 \(training images of .*\); got 5/);
    expect(stderr).not.toContain("extracting");
  });
});

describeReal("dn2 on real data", () => {
  it("reaches the independent ROCAUC on the white blood cells within 0.1 point", async () => {
    const run = async (extractor: string) => {
      const args = ["run", "unimodal", "--dataset", "wbc", "--extractor", extractor, "--k", "2", "--json"];
      return JSON.parse((await dn2(args, { DN2_DATA: realData as string })).stdout).rocAuc.mean * 100;
    };
    expect(Math.abs((await run("squeezenet1_1")) - 84.79)).toBeLessThan(0.1);
    expect(Math.abs((await run("mobilenet_v2")) - 85.59)).toBeLessThan(0.1);
    expect(Math.abs((await run("mobilenet_edgetpu_0.75")) - 87.18)).toBeLessThan(0.1);
  });

  it("warns of each class of the white blood cells, whose 62 test images tell little", async () => {
    const { stdout } = await dn2(["run", "unimodal", "--dataset", "wbc", "--extractor", "pixels"], {
      DN2_DATA: realData as string,
    });
    for (const name of ["neutrophil", "lymphocyte", "monocyte", "eosinophil"]) {
      expect(stdout).toMatch(
        new RegExp(`warning: ${name}: too few test images to tell small differences: with \\d+ normal`),
      );
    }
  });
});
