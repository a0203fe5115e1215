import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fetchData } from "../../../src/datasets/fetch/index.js";
import { temporaryFolder, withDataFolders } from "../fabricate.js";
import { attempt, content, entry } from "./attempt.js";
import { send, serve, setProxies } from "./file-server.js";

describe("a server that stops in the middle", () => {
  it("is given up after a while without a byte, and the fetch goes on where it stopped", async () => {
    const server = await serve((request, response, count) => {
      if (count > 0) return send(request, response, content);
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
    });
    const { error, names, notes, read } = await attempt(server, { idleMs: 200 });
    expect(error).toBeUndefined();
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/timeout/i);
    expect(server.ranges).toEqual([undefined, "bytes=100000-"]);
    expect(names).toEqual(["all.bin"]);
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("before its first byte is given up too, and what came from it before is kept", async () => {
    const server = await serve((_, response, count) => {
      if (count > 0) return;
      response.writeHead(200, { etag: '"one"', "content-length": content.length });
      response.write(content.subarray(0, 100_000));
    });
    const { error, names, read } = await attempt(server, { idleMs: 200, delays: [0, 0] });
    expect(error?.message).toMatch(/timeout.*what came so far is kept/i);
    expect(server.ranges).toEqual([undefined, ...Array(3).fill("bytes=100000-")]);
    expect(names).toEqual(["all.bin.part", "all.bin.part.json"]);
    expect(read("all.bin.part").equals(content.subarray(0, 100_000))).toBe(true);
  });
});

describe("a server that closes the connection after the file", () => {
  it.each([
    ["says so and its size", `HTTP/1.1 200 OK\r\ncontent-length: SIZE\r\nconnection: close\r\n\r\n`],
    ["speaks HTTP 1.0", `HTTP/1.0 200 OK\r\ncontent-length: SIZE\r\n\r\n`],
    ["says nothing of its size", `HTTP/1.0 200 OK\r\n\r\n`],
  ])("and %s is read to the end, however fast it sends", async (_, head) => {
    const large = Buffer.concat(Array.from({ length: 20 }, () => content));
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write(head.replace("SIZE", String(large.length)));
        socket.end(large);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    setProxies({});
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (let round = 0; round < 5; round++) {
      const { error, notes, read } = await attempt({ url }, { catalog: [entry(url, large)] });
      expect(error).toBeUndefined();
      expect(notes).toEqual([]);
      expect(read("all.bin").equals(large)).toBe(true);
    }
  });
});

describe("a server with odd answers to a resumed fetch", () => {
  const resumed = (folder: string, url: string) => {
    writeFileSync(join(folder, "all.bin.part"), content.subarray(0, 100_000));
    const note = { url: `${url}/all.bin`, validator: '"one"' };
    writeFileSync(join(folder, "all.bin.part.json"), JSON.stringify(note));
  };

  it("is refused when it sends another part than it was asked for, and the part is kept", async () => {
    const server = await serve((_, response) =>
      response
        .writeHead(206, { etag: '"one"', "content-range": `bytes 0-${content.length - 1}/${content.length}` })
        .end(content),
    );
    const { error, names, read } = await attempt(server, {}, (folder) => resumed(folder, server.url));
    expect(error?.message).toMatch(/asked for the bytes from 100000 on and sent those from 0 on/);
    expect(names).toContain("all.bin.part");
    expect(read("all.bin.part").length).toBe(100_000);
  });

  it("is asked for all of it when it says that there is no such part", async () => {
    const server = await serve((request, response) =>
      request.headers.range ? response.writeHead(416).end() : send(request, response, content),
    );
    const { error, read } = await attempt(server, {}, (folder) => resumed(folder, server.url));
    expect(error).toBeUndefined();
    expect(server.ranges).toEqual(["bytes=100000-", undefined]);
    expect(read("all.bin").equals(content)).toBe(true);
  });

  it("is not asked for the rest of a part that came from elsewhere", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const { error, read } = await attempt(server, {}, (folder) => resumed(folder, "http://elsewhere"));
    expect(error).toBeUndefined();
    expect(server.ranges).toEqual([undefined]);
    expect(read("all.bin").equals(content)).toBe(true);
  });
});

describe("a folder that cannot be written", () => {
  it("is told in a sentence, before a server is asked", async () => {
    const server = await serve((request, response) => send(request, response, content));
    await withDataFolders([temporaryFolder()], async () => {
      const file = join(temporaryFolder({ file: "mine" }), "file");
      process.env.DN2_CACHE = join(file, "cache");
      await expect(fetchData("cells", { catalog: [entry(server.url)] })).rejects.toMatchObject({
        name: "DataError",
        message: expect.stringMatching(
          /all\.bin could not be written \(a part of the path is a file\): make room, or name another folder/,
        ),
      });
      expect(readFileSync(file, "utf8")).toBe("mine");
    });
    expect(server.ranges).toEqual([]);
  });
});

describe("a mirror", () => {
  it.each(["nonsense", "ftp://mirror.example", "/data/mirror", "http://"])(
    "named %s is refused at once",
    async (mirror) => {
      await expect(fetchData("wbc", { mirror })).rejects.toThrow(
        `a mirror (DN2_MIRROR) must be a web address like https://mirror.example/dn2; got ${mirror}`,
      );
    },
  );

  it("has an archive under the data set's name and the ending of its kind", async () => {
    const asked: (string | undefined)[] = [];
    const mirror = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(404).end();
    });
    for (const url of [
      "https://data.example/zip/abc",
      "https://data.example/a.zip",
      "https://data.example/tar.gz/abc",
    ]) {
      const unpack = { keep: ["a/"], files: 1, bytes: 1, sha256: "0".repeat(64) };
      const files = [{ path: "set", url, bytes: 1, rounded: true, unpack }];
      const { error } = await attempt(mirror, {
        mirror: mirror.url,
        catalog: [{ ...entry(mirror.url), files }],
      });
      expect(error?.message).toContain("status 404");
    }
    expect(asked).toEqual(["/set.zip", "/set.zip", "/set.tar.gz"]);
  });
});
