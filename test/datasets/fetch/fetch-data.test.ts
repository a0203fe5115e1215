import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { setProgressListener } from "../../../src/core/progress.js";
import { fetchData, isHere, readCatalog } from "../../../src/datasets/fetch/index.js";
import { hashFiles } from "../../../src/datasets/hash.js";
import { dataSetNames } from "../../../src/datasets/index.js";
import { networks } from "../../../src/networks/registry.js";
import { tarGz, temporaryFolder, withDataFolders } from "../fabricate.js";
import { attempt, content, entry, md5 } from "./attempt.js";
import { send, serve } from "./file-server.js";

describe("fetchData", () => {
  it("fetches, verifies and moves a file into place, and leaves nothing beside it", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const { error, names, read } = await attempt(server);
    expect(error).toBeUndefined();
    expect(names).toEqual(["all.bin"]);
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("tries again after a cut-off connection", async () => {
    const server = await serve((request, response, count) =>
      send(request, response, content, count < 2 ? { cutAfter: 100_000 } : {}),
    );
    const { error, names, notes, read } = await attempt(server);
    expect(error).toBeUndefined();
    expect(names).toEqual(["all.bin"]);
    expect(read("all.bin").equals(content)).toBe(true);
    expect(notes[0]).toMatch(/^cells\/all\.bin: .*; trying again$/);
  });

  it("goes on where a part ends", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const { error, names, read } = await attempt(server, {}, (folder) => {
      writeFileSync(join(folder, "all.bin.part"), content.subarray(0, 100_000));
      writeFileSync(
        join(folder, "all.bin.part.json"),
        JSON.stringify({ url: `${server.url}/all.bin`, validator: '"one"' }),
      );
    });
    expect(error).toBeUndefined();
    expect(server.ranges).toEqual(["bytes=100000-"]);
    expect(names).toEqual(["all.bin"]);
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("begins again where the file changed meanwhile, instead of joining two files", async () => {
    const old = Buffer.alloc(content.length, 1);
    const server = await serve((request, response, count) =>
      count === 0
        ? send(request, response, old, { etag: '"old"', cutAfter: 100_000 })
        : send(request, response, content, { etag: '"new"' }),
    );
    const { error, read } = await attempt(server);
    expect(error).toBeUndefined();
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("begins again where the server ignores ranges", async () => {
    const server = await serve((_, response, count) => {
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      if (count > 0) response.end(content);
      else response.write(content.subarray(0, 50_000), () => setImmediate(() => response.destroy()));
    });
    const { error, read } = await attempt(server);
    expect(error).toBeUndefined();
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("gives a resumed file with a wrong checksum one new chance from its beginning", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const { error, read } = await attempt(server, {}, (folder) => {
      writeFileSync(join(folder, "all.bin.part"), Buffer.alloc(100_000, 9));
      writeFileSync(
        join(folder, "all.bin.part.json"),
        JSON.stringify({ url: `${server.url}/all.bin`, validator: '"one"' }),
      );
    });
    expect(error).toBeUndefined();
    expect(server.ranges).toEqual(["bytes=100000-", undefined]);
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("says both values of a wrong checksum and keeps the file aside", async () => {
    const wrong = Buffer.alloc(content.length, 3);
    const server = await serve((request, response) => send(request, response, wrong));
    const { error, names, read } = await attempt(server);
    expect(error?.message).toContain(`must have md5 ${md5(content)}`);
    expect(error?.message).toContain(`what came has ${md5(wrong)}`);
    expect(names).toEqual(["all.bin.mismatch"]);
    expect(read("all.bin.mismatch").equals(wrong)).toBe(true);
  });

  it("tries again after status 503, and gives up with host, cause and remedy", async () => {
    const good = await serve((request, response, count) =>
      count < 2 ? response.writeHead(503).end() : send(request, response, content),
    );
    expect((await attempt(good)).error).toBeUndefined();
    const bad = await serve((_, response) => response.writeHead(500).end());
    const { error } = await attempt(bad);
    expect(error?.message).toMatch(
      /could not be fetched from 127\.0\.0\.1:\d+ .*status 500.*DN2_MIRROR.*by hand/,
    );
    expect(bad.ranges).toHaveLength(4);
  });

  it("refuses a web page, status 404 and redirects in circles at once", async () => {
    const page = await serve((_, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<p>log in"),
    );
    expect((await attempt(page)).error?.message).toContain("sent a web page instead");
    const absent = await serve((_, response) => response.writeHead(404).end());
    expect((await attempt(absent)).error?.message).toContain("status 404");
    expect(absent.ranges).toHaveLength(1);
    const circle = await serve((_, response) => response.writeHead(302, { location: "/all.bin" }).end());
    expect((await attempt(circle)).error?.message).toContain("redirects in circles");
  });

  it("follows a redirect to the file", async () => {
    const server = await serve((request, response) =>
      request.url === "/all.bin"
        ? response.writeHead(302, { location: "/elsewhere" }).end()
        : send(request, response, content),
    );
    expect((await attempt(server)).error).toBeUndefined();
  });

  it("is not deceived by a server that announces too little or sends without end", async () => {
    const short = await serve((request, response, count) =>
      count === 0
        ? response.writeHead(200, { etag: '"one"', "content-length": 1000 }).end(content.subarray(0, 1000))
        : send(request, response, content),
    );
    const outcome = await attempt(short);
    expect(outcome.error).toBeUndefined();
    expect(outcome.notes[0]).toContain(`ended after 1000 of ${content.length} bytes`);
    const endless = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(content));
      };
      response.on("drain", more);
      more();
    });
    expect((await attempt(endless)).error?.message).toContain("the server sends more than");
  });

  it("keeps the part when it is interrupted, and goes on with it", async () => {
    const interrupt = new AbortController();
    onTestFinished(() => setProgressListener(undefined));
    setProgressListener(({ done }) => {
      if (done > 0) interrupt.abort();
    });
    const server = await serve((request, response, count) => {
      if (count > 0) return send(request, response, content);
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
    });
    await withDataFolders([temporaryFolder()], async () => {
      const options = { catalog: [entry(server.url)] };
      await expect(fetchData("cells", { ...options, signal: interrupt.signal })).rejects.toThrow(
        /interrupted/,
      );
      const [{ paths, fetched }] = await fetchData("cells", options);
      expect(fetched).toBe(1);
      expect(readFileSync(paths[0]).equals(content)).toBe(true);
    });
    expect(server.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it("asks the mirror and nobody else where one is set", async () => {
    const asked: (string | undefined)[] = [];
    const mirror = await serve((request, response) => {
      asked.push(request.url);
      send(request, response, content);
    });
    const { error } = await attempt({ url: "http://127.0.0.1:9" }, { mirror: `${mirror.url}/dn2/` });
    expect(error).toBeUndefined();
    expect(asked).toEqual(["/dn2/cells/all.bin"]);
  });

  it("fetches a file once when it is asked for twice at the same time", async () => {
    const server = await serve((request, response) => send(request, response, content));
    await withDataFolders([temporaryFolder()], async () => {
      const options = { catalog: [entry(server.url)], onNote: () => {} };
      const done = await Promise.all([fetchData("cells", options), fetchData("cells", options)]);
      expect(done.map(([one]) => one.fetched).sort()).toEqual([0, 1]);
    });
    expect(server.ranges).toHaveLength(1);
  });

  it("takes over from a process that ended while it held the lock", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const { error, names } = await attempt(server, {}, (folder) =>
      writeFileSync(join(folder, "all.bin.lock"), JSON.stringify({ pid: 2 ** 30, started: "1", token: "x" })),
    );
    expect(error).toBeUndefined();
    expect(names).toEqual(["all.bin"]);
  });

  it("unpacks an archive, and takes one that was put there by hand", async () => {
    const files = { "a/1.bmp": "one", "labels.csv": "1" };
    const archive = await tarGz({ "top/a/1.bmp": "one", "top/labels.csv": "1", "top/README": "no" });
    const sha256 = await hashFiles(temporaryFolder(files), Object.keys(files));
    const server = await serve((request, response) => send(request, response, archive));
    const unpack = { keep: ["a/", "labels.csv"], files: 2, bytes: 4, sha256 };
    const url = `${server.url}/x`;
    const catalog = [
      { ...entry(server.url), files: [{ path: "set", url, bytes: 1000, rounded: true, unpack }] },
    ];
    for (const byHand of [false, true]) {
      await withDataFolders([temporaryFolder()], async () => {
        const cache = String(process.env.DN2_CACHE);
        mkdirSync(cache, { recursive: true });
        if (byHand) writeFileSync(join(cache, "set.tar.gz"), archive);
        const [{ paths }] = await fetchData("cells", { catalog, onNote: () => {} });
        expect(readdirSync(paths[0]).sort()).toEqual(["a", "labels.csv"]);
        expect(readdirSync(cache)).toEqual(["set"]);
      });
    }
    expect(server.ranges).toHaveLength(1);
  });

  it("says what to do for a set that no program may fetch, and lists valid names", async () => {
    await expect(fetchData("dior")).rejects.toThrow(/dior: it cannot be fetched by a program.*Annotations/);
    await expect(fetchData("imagenet")).rejects.toThrow(
      /unknown data set or weights: imagenet; choose from cifar10/,
    );
  });
});

describe("what a user gets by hand", () => {
  const byHand = {
    ...entry("http://data.example"),
    files: [],
    prepare: "ask for it",
    places: ["a", "cells/b"],
  };

  it("is asked for in a sentence, and found where it was put", async () => {
    const folder = temporaryFolder();
    await withDataFolders([folder], async () => {
      expect(isHere(byHand)).toBe(false);
      await expect(fetchData("cells", { catalog: [byHand] })).rejects.toThrow(
        "cells: ask for it; data folders",
      );
      mkdirSync(join(folder, "cells", "b"), { recursive: true });
      expect(isHere(byHand)).toBe(true);
      const [found] = await fetchData("cells", { catalog: [byHand] });
      expect(found).toMatchObject({ paths: [join(folder, "cells", "b")], fetched: 0, licence: "free" });
    });
  });

  it("must lie in a data folder", () => {
    const path = join(temporaryFolder(), "catalog.json");
    writeFileSync(path, JSON.stringify({ entries: [{ ...byHand, places: ["../b"] }] }));
    expect(() => readCatalog(path)).toThrow(
      "the places of cells must be paths that stay inside a data folder",
    );
  });
});

describe("the catalog", () => {
  it("has every data set and every network's weights that are no part of the package", () => {
    const names = readCatalog().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(dataSetNames().filter((name) => !name.startsWith("synthetic"))),
    );
    expect(names).toEqual(
      expect.arrayContaining(networks.filter(({ weights }) => !weights.bundled).map(({ name }) => name)),
    );
    for (const { name, files, places = [] } of readCatalog()) {
      expect(files.length + places.length, name).toBeGreaterThan(0);
    }
    for (const { name, weights } of networks) {
      const paths = readCatalog()
        .filter((one) => one.name === name)
        .flatMap(({ files, places = [] }) => [...files.map(({ path }) => path), ...places]);
      if (weights.bundled) continue;
      const known = [weights.file, ...(weights.otherFiles ?? [])].map((file) => `weights/${file}`);
      expect(known, name).toEqual(expect.arrayContaining(paths));
    }
  });

  it("has the checksums that the publishers state", () => {
    const files = readCatalog().flatMap((one) => one.files);
    expect(files.find(({ path }) => path === "cifar-10-binary.tar.gz")?.md5).toBe(
      "c32a1d4ab5d03f1284b67883e8d87530",
    );
    for (const { path, sha256 } of files.filter((file) => file.path.endsWith(".pth"))) {
      expect(path).toContain(`-${sha256}.pth`);
    }
    expect(existsSync("data/catalog.json")).toBe(true);
  });
});
