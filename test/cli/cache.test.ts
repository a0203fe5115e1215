import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.js";
import { encodePng } from "../../src/images/index.js";
import { noise } from "../extractors/cache/made-up-maker.js";
import { dn2Process, type Outcome } from "../helpers/dn2-process.js";

const folder = mkdtempSync(join(tmpdir(), "dn2-cache-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command; when a file that fits appears below a folder, the signal is sent. */
async function dn2(
  args: string[],
  stop?: { below: string; file: RegExp; signal: NodeJS.Signals },
  env: Record<string, string> = {},
): Promise<Outcome> {
  const watcher = stop && watch(stop.below, { recursive: true });
  const outcome = await dn2Process(args, {
    cwd: folder,
    env: { DN2_CACHE: join(folder, "usual"), ...env },
    onStart: (child) => {
      watcher?.on("change", (_, file) => {
        if (!stop?.file.test(String(file))) return;
        watcher.close();
        child.kill(stop.signal);
      });
    },
  });
  watcher?.close();
  return outcome;
}

const count = 1500;
const extract = (output: string, ...more: string[]) => ["extract", "photos", "--output", output, ...more];
const bytes = (name: string) => readFileSync(join(folder, name));
const newCache = (name: string) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};
const kept = async (cache: string): Promise<number> =>
  JSON.parse((await dn2(["cache", "list", "--json", "--cache", cache])).stdout)[0]?.images ?? 0;

beforeAll(async () => {
  mkdirSync(join(folder, "photos"));
  const random = new Random(1);
  for (let i = 0; i < count; i++) {
    writeFileSync(join(folder, "photos", `${i}.png`), encodePng(noise(random, 24, 24)));
  }
  expect((await dn2(extract("whole.npy", "--no-cache"))).code).toBe(0);
});

describe("an extraction with a cache", () => {
  it.each([
    ["while a chunk is written", /rows-.*\.part$/],
    ["when rows have appeared", /rows-[^.]*\.npy$/],
    ["when a list has appeared", /rows-[^.]*\.json$/],
  ])("goes on after kill -9 %s, and only what was not written is computed again", async (moment, file) => {
    const cache = newCache(`killed ${moment}`);
    const killed = await dn2(extract("resumed.npy", "--cache", cache), {
      below: cache,
      file,
      signal: "SIGKILL",
    });
    expect(killed.signal).toBe("SIGKILL");
    expect(existsSync(join(folder, "resumed.npy"))).toBe(false);
    const done = await kept(cache);
    expect(done).toBeLessThan(count);
    const listed = await dn2(["cache", "list", "--cache", cache]);
    expect(listed.stdout).toContain(`unfinished: ${done} of ${count} images of photos`);
    const { code, stderr } = await dn2(extract("resumed.npy", "--cache", cache));
    expect(code).toBe(0);
    expect((await dn2(["cache", "list", "--cache", cache])).stdout).not.toContain("unfinished");
    if (done > 0)
      expect(stderr).toContain(`embedded features of ${done} of ${count} images were in the cache`);
    expect(bytes("resumed.npy").equals(bytes("whole.npy"))).toBe(true);
    expect(bytes("resumed.json").equals(bytes("whole.json"))).toBe(true);
    expect(await kept(cache)).toBe(count);
    rmSync(join(folder, "resumed.npy"));
  });

  it("keeps what is done at Ctrl-C, also without a cache, and then leaves nothing behind", async () => {
    const stopped = await dn2(extract("own.npy", "--no-cache"), {
      below: folder,
      file: /own\.npy\.unfinished.*rows-[^.]*\.json$/,
      signal: "SIGINT",
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("what was finished before is kept, run again to go on");
    const { code, stderr } = await dn2(extract("own.npy", "--no-cache"));
    expect(code).toBe(0);
    expect(stderr).toMatch(/embedded features of \d+ of 1500 images were in the cache/);
    expect(bytes("own.npy").equals(bytes("whole.npy"))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith("own"))).toEqual(["own.json", "own.npy"]);
  });

  it("can be made by two processes at once: both are right, and nothing is there twice", async () => {
    const cache = newCache("two");
    const both = await Promise.all(["a.npy", "b.npy"].map((name) => dn2(extract(name, "--cache", cache))));
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    for (const name of ["a.npy", "b.npy"]) expect(bytes(name).equals(bytes("whole.npy"))).toBe(true);
    const [entry] = readdirSync(cache);
    const lists = readdirSync(join(cache, entry)).filter((file) => /^rows-.*json$/.test(file));
    const keys = lists.flatMap((file) => JSON.parse(readFileSync(join(cache, entry, file), "utf8")).images);
    expect(keys).toHaveLength(count);
    expect(readdirSync(join(cache, entry)).filter((file) => !/^(about|rows-)/.test(file))).toEqual([]);
  });

  it("uses the folder of DN2_CACHE by itself, in run as in extract, and says what it found", async () => {
    const run = ["run", "unimodal", "--limit-train", "20", "--limit-test", "10", "--json"];
    const [first, second, without] = [await dn2(run), await dn2(run), await dn2([...run, "--no-cache"])];
    expect(first.stderr).not.toContain("were in the cache");
    expect(second.stderr).toMatch(/embedded features of (\d+) of \1 images were in the cache/);
    const figures = ({ stdout }: Outcome) => JSON.parse(stdout).rocAuc;
    expect(figures(second)).toEqual(figures(first));
    expect(figures(without)).toEqual(figures(first));
    const list = await dn2(["cache", "list"]);
    expect(list.stdout).toContain(join(folder, "usual", "features"));
    expect(list.stdout).toMatch(/embedded-.*: \d+ x 256/);
    const cleared = await dn2(["cache", "clear", "embedded"]);
    expect(cleared.stdout).toMatch(/^removed embedded-/);
    expect(readdirSync(join(folder, "usual", "features"))).toEqual([]);
    expect((await dn2(["cache", "clear", "--all", "--json"])).stdout).toBe("[]\n");
  });

  it.each([
    [["cache", "clear"], "cache clear needs names, --older-than DAYS or --all"],
    [["cache", "clear", "--older-than", "soon"], "--older-than must be a number of days above 0; got soon"],
    [["cache", "clear", "x", "--all"], "takes either --all, or names"],
    [["cache", "list", "x"], "cache list takes no names; got x"],
    [["run", "unimodal", "--cache", "x", "--no-cache"], "--cache and --no-cache exclude each other"],
    [["run", "unimodal", "--device", "tpu"], "--device must be one of cpu, cuda, webgpu; got tpu"],
    [["run", "unimodal", "--threads", "0"], "--threads must be a whole number of at least 1; got 0"],
  ])("refuses %j with a sentence", async (args, message) => {
    const { code, stderr } = await dn2(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it("goes on without keeping features where the usual folder cannot be made, and refuses such a folder that is named", async () => {
    writeFileSync(join(folder, "file"), "");
    const [below, run] = [
      join(folder, "file", "cache"),
      ["run", "unimodal", "--limit-train", "5", "--limit-test", "5"],
    ];
    const usual = await dn2(run, undefined, { DN2_CACHE: below });
    expect(usual.code).toBe(0);
    expect(usual.stderr).toContain(`features cannot be kept in ${join(below, "features")}: `);
    const named = await dn2([...run, "--cache", below]);
    expect([named.code, named.stderr]).toEqual([
      1,
      expect.stringMatching(/^dn2: features cannot be kept in .*; name another folder$/m),
    ]);
  });

  it("keeps features in DN2_FEATURES, as JupyterLab in a clone does", async () => {
    const features = join(folder, "own", "features");
    const run = await dn2(["run", "unimodal", "--limit-train", "5", "--limit-test", "5"], undefined, {
      DN2_FEATURES: features,
    });
    expect([run.code, readdirSync(features)]).toEqual([0, [expect.stringMatching(/^embedded-/)]]);
  });

  it.each(["cuda", "webgpu"])(
    "uses %s, or refuses it with one line, whatever its libraries print",
    async (device) => {
      const run = ["run", "unimodal", "--limit-train", "5", "--limit-test", "5", "--no-cache"];
      const { code, stderr } = await dn2([...run, "--device", device]);
      if (code === 0) return;
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^dn2: the device .*\n$/)]);
    },
  );

  it("refuses a device that the engine does not have", async () => {
    const { code, stderr } = await dn2(["run", "unimodal", "--engine", "tfjs-wasm", "--device", "cuda"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("the engine tfjs-wasm runs on cpu only; got cuda"),
    ]);
  });
});
