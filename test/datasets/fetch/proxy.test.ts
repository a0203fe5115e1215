import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { attempt, content } from "./attempt.js";
import { send, serve, setProxies } from "./file-server.js";

/** A proxy on 127.0.0.1 that hands on plain requests to one host and opens no tunnel; it keeps what it was asked for. */
async function startProxy(handsOnTo: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (!incoming.url?.startsWith(`${handsOnTo}/`)) return response.writeHead(403).end();
    request(incoming.url, { headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  proxy.on("connect", (incoming, client) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    client.on("error", () => {});
    client.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

describe("a proxy", () => {
  it.each([
    ["HTTP_PROXY", "http://"],
    ["http_proxy", "http://"],
    ["HTTP_PROXY", ""],
  ])("named in %s as %shost:port carries the request", async (name, scheme) => {
    const server = await serve((request, response) => send(request, response, content));
    const proxy = await startProxy(server.url);
    setProxies({ [name]: proxy.url.replace("http://", scheme) });
    const { error, read } = await attempt(server);
    expect(error).toBeUndefined();
    expect(read("all.bin").equals(content)).toBe(true);
    expect(proxy.asked).toEqual([`GET ${server.url}/all.bin`]);
    expect(server.ranges).toHaveLength(1);
  });

  it.each(["127.0.0.1", "*", "localhost,127.0.0.1"])(
    "is passed by for what NO_PROXY=%s names",
    async (hosts) => {
      const server = await serve((request, response) => send(request, response, content));
      const proxy = await startProxy("");
      setProxies({ HTTP_PROXY: proxy.url, NO_PROXY: hosts });
      expect((await attempt(server)).error).toBeUndefined();
      expect(proxy.asked).toEqual([]);
    },
  );

  it("is used for the hosts that NO_PROXY does not name", async () => {
    const server = await serve((request, response) => send(request, response, content));
    const proxy = await startProxy(server.url);
    setProxies({ HTTP_PROXY: proxy.url, NO_PROXY: "example.org" });
    expect((await attempt(server)).error).toBeUndefined();
    expect(proxy.asked).toEqual([`GET ${server.url}/all.bin`]);
  });

  it("named in HTTPS_PROXY is asked for a tunnel, and its refusal is told with the host and what to check", async () => {
    const proxy = await startProxy("");
    setProxies({ HTTPS_PROXY: proxy.url });
    const { error } = await attempt({ url: "https://data.example" }, { delays: [] });
    expect(proxy.asked).toEqual(["CONNECT data.example:443"]);
    expect(error?.message).toMatch(/could not be fetched from data\.example .*403.*HTTPS_PROXY/);
  });

  it("that is not there is told as such", async () => {
    const server = await serve((request, response) => send(request, response, content));
    setProxies({ HTTP_PROXY: "http://127.0.0.1:9" });
    const { error } = await attempt(server, { delays: [] });
    expect(error?.message).toMatch(/ECONNREFUSED 127\.0\.0\.1:9.*HTTPS_PROXY/);
    expect(server.ranges).toEqual([]);
  });

  it("with a name that is no address is refused with a sentence", async () => {
    setProxies({ HTTP_PROXY: "socks5://nonsense" });
    const { error } = await attempt({ url: "http://data.example" }, { delays: [] });
    expect(`${error?.name}: ${error?.message}`).toMatch(
      /^RangeError: HTTP_PROXY must be the address of a proxy .*; got socks5:\/\/nonsense$/,
    );
  });
});
