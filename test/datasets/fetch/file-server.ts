import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A local server whose answers a test decides. */
export interface FileServer {
  /** Its address. */
  readonly url: string;
  /** Range header of each request, in order. */
  readonly ranges: (string | undefined)[];
}

/** Sets the proxies of this test, and no others; those of the machine come back when it ends. */
export function setProxies(proxies: Readonly<Record<string, string>>): void {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  for (const name of names) {
    const before = process.env[name];
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
    delete process.env[name];
  }
  Object.assign(process.env, proxies);
}

/** Starts a server on 127.0.0.1, reached without a proxy; `answer` receives how many requests came before. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<FileServer> {
  setProxies({});
  const ranges: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response, ranges.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
}

/** Answers like a good server, with an ETag, honouring Range and If-Range. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  options: { etag?: string; cutAfter?: number } = {},
): void {
  const { etag = '"one"', cutAfter } = options;
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const resumed = start > 0 && request.headers["if-range"] === etag;
  const from = resumed ? start : 0;
  const body = content.subarray(from);
  response.writeHead(resumed ? 206 : 200, {
    etag,
    "content-length": body.length,
    ...(resumed ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => setImmediate(() => response.destroy()));
}
