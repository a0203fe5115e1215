import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng, loadImage } from "../../src/images/index.js";
import { drawnImages } from "../distillation/drawn-images.js";
import { tensorflow } from "../distillation/tensorflow.js";
import { dn2Process, type Outcome } from "../helpers/dn2-process.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-distill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command; when a text has appeared on standard error, the signal is sent. */
function dn2(args: string[], stop?: { after: string; signal: NodeJS.Signals }): Promise<Outcome> {
  let sent = false;
  return dn2Process(args, {
    cwd: folder,
    env: { DN2_CACHE: join(folder, "usual") },
    onStderr: (child, stderr) => {
      if (!stop || sent || !stderr.includes(stop.after)) return;
      sent = true;
      child.kill(stop.signal);
    },
  });
}

const distill = (output: string, ...more: string[]) => [
  ...["distill", "photos", "--teacher", "pixels", "--teacher-input-size", "8", "--input-size", "16"],
  ...["--epochs", "4", "--output", output, ...more],
];

beforeAll(async () => {
  const images = drawnImages(40);
  for (let i = 0; i < images.length; i++) {
    const own = join(folder, "photos", images.classNames[images.labels[i]]);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, `${i}.png`), encodePng(await loadImage(images.source(i))));
  }
});

describe.skipIf(!tensorflow)("dn2 distill", () => {
  let whole: Outcome;
  const bytes = (name: string) => readFileSync(join(folder, `${name}.safetensors`));

  it("prints a report, or with --json all that it knows, and leaves nothing but the two files", async () => {
    whole = await dn2(distill("whole", "--json"));
    expect(whole.stderr).toContain("epoch 6 of 6, loss ");
    expect(whole.code).toBe(0);
    expect(whole.stdout.trim().split("\n")).toHaveLength(1);
    const { path, finished, report, decisive } = JSON.parse(whole.stdout);
    expect({ path, finished }).toEqual({ path: join(folder, "whole.safetensors"), finished: true });
    expect(decisive.images).toBe("photos (32 to train, 8 held out)");
    expect(report.rows).toHaveLength(3);
    const table = await dn2(distill("whole"));
    expect(table.stderr).toContain("note: whole is finished; nothing to do");
    expect(table.stdout).toContain("new: whole");
    expect(table.stdout).toMatch(/times as fast as its teacher/);
  });

  it("killed at once and started again gives the bytes of an unbroken run", async () => {
    const stop = { after: "epoch 2 of 6", signal: "SIGKILL" } as const;
    expect((await dn2(distill("killed"), stop)).signal).toBe("SIGKILL");
    const again = await dn2(distill("killed"));
    expect(again.stderr).toMatch(/note: going on in epoch [1-6] of 6/);
    expect(again.code).toBe(0);
    expect(bytes("killed").equals(bytes("whole"))).toBe(true);
  });

  it("stopped by Ctrl-C says what is kept, which can be used, and refuses to go on with other options", async () => {
    const stop = { after: "epoch 1 of 6", signal: "SIGINT" } as const;
    const stopped = await dn2(distill("stopped"), stop);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(
      /dn2: interrupted; .*stopped\.safetensors holds .* until epoch \d and can be used/,
    );
    const used = await dn2(["extract", "photos", "--extractor", "stopped", "--output", "features.npy"]);
    expect(used.stderr).toContain("40 x 256 float32");
    const other = await dn2(distill("stopped", "--seed", "1"));
    expect(other.code).toBe(1);
    expect(other.stderr.trim()).toMatch(
      /^dn2: .*stopped\.json must be of the same distillation \(.*seed: 0, asked for 1\)/m,
    );
  });

  it("makes an extractor that an experiment takes by its file", async () => {
    const ran = await dn2([
      "run",
      "unimodal",
      "--dataset",
      "photos",
      "--extractor",
      "whole.safetensors",
      "--json",
    ]);
    expect(ran.code).toBe(0);
    const { extractor } = JSON.parse(ran.stdout);
    expect(extractor).toMatchObject({ name: "whole", dimensions: 256 });
    expect(extractor.weightsHash).toBe(JSON.parse(whole.stdout).extractor.sha256);
  });

  it("takes the teacher's features that dn2 extract has kept", async () => {
    expect((await dn2(["extract", "photos", "--output", "features.npy"])).code).toBe(0);
    const taught = ["distill", "photos", "--teacher", "embedded", "--input-size", "16", "--no-mirror"];
    const { code, stderr } = await dn2([...taught, "--epochs", "1", "--output", "taught"]);
    expect(code).toBe(0);
    expect(stderr).toContain("note: embedded features of 32 of 32 images were in the cache");
    expect(stderr).toContain("note: embedded features of 8 of 8 images were in the cache");
    const nowhere = await dn2(distill("taught.json/new"));
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr.trim()).toMatch(
      /^dn2: --output must be in a folder that can be written or made; got .*taught\.json$/m,
    );
    const both = await dn2(distill("both", "--cache", "kept", "--no-cache"));
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("exclude each other")]);
  });

  it("names images that cannot be read, learns from the others, and ends with 3", async () => {
    const bad = join(folder, "photos", "dark", "broken.png");
    writeFileSync(bad, "no picture");
    const { code, stderr } = await dn2(distill("some", "--epochs", "1"));
    rmSync(bad);
    expect(stderr.split("\n").filter((line) => line.includes("broken.png"))).toHaveLength(1);
    expect(code).toBe(3);
  });

  it("answers a wrong command line with one line and exit code 2", async () => {
    const cases: [string[], RegExp][] = [
      [["distill"], /distill needs one folder of images, or one of synthetic, .*; got none/],
      [["distill", "nowhere"], /there is no nowhere/],
      [["distill", "photos", "--teacher", "resnet1"], /--teacher must be one of .*resnet101.*; got resnet1/],
      [["distill", "photos", "--from", "imagenet"], /--from must be one of embedded, scratch; got imagenet/],
      [["distill", "photos", "--epochs", "0"], /--epochs must be a whole number of at least 1; got 0/],
      [["distill", "photos", "--labels", "yes"], /unknown option --labels; valid options are .*--teacher/],
    ];
    const outcomes = await Promise.all(cases.map(([args]) => dn2(args)));
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      expect(stderr).toMatch(cases[i][1]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
  });
});
