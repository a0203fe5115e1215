import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CatalogEntry } from "../../src/datasets/fetch/index.js";
import { loadDataSet } from "../../src/datasets/index.js";
import { loadImage } from "../../src/images/index.js";
import { temporaryFolder } from "../datasets/fabricate.js";
import { content, entry, md5 } from "../datasets/fetch/attempt.js";
import { send, serve } from "../datasets/fetch/file-server.js";
import { generatedSets } from "../datasets/fetch/generated-sets.js";

const program = join(import.meta.dirname, "../../dist/cli/dn2.js");

function start(args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [program, "fetch", ...args], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (text) => {
    out += text;
  });
  child.stderr?.on("data", (text) => {
    err += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

const fetching = (args: readonly string[], env: Record<string, string>) => ended(start(args, env));

function said(child: ChildProcess, pattern: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve) => {
    child.stderr?.on("data", (more) => {
      text += more;
      if (pattern.test(text)) resolve();
    });
  });
}

function places(entries: readonly CatalogEntry[]) {
  const folder = temporaryFolder({ "catalog.json": JSON.stringify({ entries }) });
  const cache = join(folder, "cache");
  return { catalog: join(folder, "catalog.json"), cache, env: { DN2_CACHE: cache, DN2_DATA: "" } };
}

describe("dn2 fetch, as processes", () => {
  it("fetches a file once for two that ask at the same time, and both succeed", async () => {
    let sendRest = () => {};
    let begun = () => {};
    const firstHalf = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const server = await serve((_, response) => {
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
      sendRest = () => response.end(content.subarray(100_000));
      begun();
    });
    const { catalog, cache, env } = places([entry(server.url)]);
    const first = start(["cells", "--catalog", catalog], env);
    const firstEnd = ended(first);
    await firstHalf;
    const second = start(["cells", "--catalog", catalog], env);
    const secondEnd = ended(second);
    await said(second, /process \d+ is fetching it; waiting/);
    sendRest();
    expect((await firstEnd).out).toContain("cells: fetched and verified");
    expect((await secondEnd).out).toContain("cells: was here already");
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(server.ranges).toEqual([undefined]);
    expect(readdirSync(join(cache, "cells"))).toEqual(["all.bin"]);
    expect(md5(readFileSync(join(cache, "cells/all.bin")))).toBe(md5(content));
  });

  it("goes on where a process stopped that was killed", async () => {
    const server = await serve((request, response, count) => {
      if (count > 0) return send(request, response, content);
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
    });
    const { catalog, cache, env } = places([entry(server.url)]);
    const part = join(cache, "cells/all.bin.part");
    const killed = start(["cells", "--catalog", catalog], env);
    const end = ended(killed);
    await expect
      .poll(() => statSync(part, { throwIfNoEntry: false })?.size, { timeout: 60_000 })
      .toBe(100_000);
    killed.kill("SIGKILL");
    await end;
    expect(killed.signalCode).toBe("SIGKILL");
    expect(readdirSync(join(cache, "cells"))).toContain("all.bin.lock");
    const { code, out } = await fetching(["cells", "--catalog", catalog], env);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("fetched and verified") });
    expect(server.ranges).toEqual([undefined, "bytes=100000-"]);
    expect(readdirSync(join(cache, "cells"))).toEqual(["all.bin"]);
    expect(md5(readFileSync(join(cache, "cells/all.bin")))).toBe(md5(content));
  });

  it("ends with exit code 130 after Ctrl-C, and keeps what came", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
    });
    const { catalog, cache, env } = places([entry(server.url)]);
    const child = start(["cells", "--catalog", catalog], env);
    const end = ended(child);
    await expect
      .poll(() => statSync(join(cache, "cells/all.bin.part"), { throwIfNoEntry: false })?.size, {
        timeout: 60_000,
      })
      .toBe(100_000);
    child.kill("SIGINT");
    const { code, err } = await end;
    expect(code).toBe(130);
    expect(err).toMatch(/dn2: .*interrupted/);
    expect(readdirSync(join(cache, "cells"))).toEqual(["all.bin.part", "all.bin.part.json"]);
  });

  it.skipIf(process.platform === "win32")(
    "says in a sentence that the disk is full, and keeps what came",
    async () => {
      const server = await serve((request, response) => send(request, response, content));
      const { catalog, cache, env } = places([entry(server.url)]);
      const limited = `ulimit -f 100; exec "$0" "$@"`;
      const outcome = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
        execFile(
          "bash",
          ["-c", limited, process.execPath, program, "fetch", "cells", "--catalog", catalog],
          { env: { ...process.env, ...env } },
          (error, _, stderr) => resolve({ code: error?.code, stderr }),
        );
      });
      expect(outcome.code).toBe(1);
      expect(outcome.stderr.trim().split("\n").at(-1)).toMatch(
        /^dn2: .*all\.bin could not be written \(the file is larger than the system allows\): make room, .* is kept$/,
      );
      expect(server.ranges).toHaveLength(1);
      const kept = readFileSync(join(cache, "cells/all.bin.part"));
      expect(kept.length).toBeGreaterThan(0);
      expect(kept.equals(content.subarray(0, kept.length))).toBe(true);
      const { code } = await fetching(["cells", "--catalog", catalog], env);
      expect(code).toBe(0);
      expect(server.ranges[1]).toBe(`bytes=${kept.length}-`);
    },
  );
});

describe("dn2 fetch, then loadDataSet", () => {
  it("finds wbc, cifar10, cifar100 and fashion-mnist in the cache folder, fetched from a mirror", async () => {
    const { archives, entries } = await generatedSets();
    const asked: string[] = [];
    const mirror = await serve((request, response) => {
      asked.push(String(request.url));
      const file = archives.get(String(request.url).slice(1));
      if (file) send(request, response, file);
      else response.writeHead(404).end();
    });
    const { catalog, cache, env } = places(entries);
    const names = ["wbc", "cifar10", "cifar100", "fashion-mnist"];
    const { code, out, err } = await fetching([...names, "--catalog", catalog, "--json"], {
      ...env,
      DN2_MIRROR: mirror.url,
    });
    expect(err).not.toContain("dn2:");
    expect(code).toBe(0);
    expect(JSON.parse(out).map((one: { name: string; fetched: number }) => [one.name, one.fetched])).toEqual([
      ["wbc", 1],
      ["cifar10", 1],
      ["cifar100", 1],
      ["fashion-mnist", 4],
    ]);
    expect(asked.sort()).toEqual([...archives.keys()].map((name) => `/${name}`).sort());
    const list = await fetching(["--list", "--json", "--catalog", catalog], env);
    expect(JSON.parse(list.out).map(({ here }: { here: boolean }) => here)).toEqual([true, true, true, true]);

    const before = { DN2_CACHE: process.env.DN2_CACHE, DN2_DATA: process.env.DN2_DATA };
    onTestFinished(() => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });
    process.env.DN2_CACHE = cache;
    delete process.env.DN2_DATA;
    const counts = [];
    for (const name of names) {
      const { train, test } = await loadDataSet(name);
      counts.push([name, train.length, test.length]);
      const image = await loadImage(test.source(0));
      expect(image.width).toBeGreaterThan(0);
    }
    expect(counts).toEqual([
      ["wbc", 80, 25],
      ["cifar10", 20, 10],
      ["cifar100", 40, 20],
      ["fashion-mnist", 20, 10],
    ]);
  });
});
