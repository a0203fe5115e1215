import type { Readable } from "node:stream";
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { DataError } from "../../core/errors.js";

const mostRedirects = 10;
/** undici 7 ends the whole program when a server closes a connection that waits for its reader: it must never wait. */
const neverWaits = 2 ** 40;

/** A failure that may pass: a broken connection, a busy server. */
export class Transient extends Error {
  /**
   * @param message - what happened
   * @param waitMs - how long the server asks to wait, where it does
   */
  constructor(
    message: string,
    readonly waitMs?: number,
  ) {
    super(message);
  }
}

/** A server's answer. */
export interface Answer {
  /** 200, 206 or 416. */
  readonly status: number;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The content, as sent. */
  readonly body: Readable;
}

/** Open connections, and how long they may be idle. */
export interface Connections {
  /** Sends the requests. */
  readonly dispatcher: Dispatcher;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly idleMs: number;
}

/**
 * @param idleMs - milliseconds without a byte after which a connection counts as broken
 * @returns connections that honour HTTP_PROXY, HTTPS_PROXY and NO_PROXY; nothing is sent before a request
 * @throws RangeError when a proxy's address is none
 */
export function openConnections(idleMs: number): Connections {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxyNamedIn("HTTP_PROXY"),
    httpsProxy: proxyNamedIn("HTTPS_PROXY"),
    connect: { timeout: 15_000 },
    // Proxies often tunnel to port 443 only: what is not encrypted is asked of the proxy itself.
    proxyTunnel: false,
  });
  return { dispatcher, idleMs };
}

function proxyNamedIn(name: string): string | undefined {
  const given = (process.env[name.toLowerCase()] ?? process.env[name] ?? "").trim();
  if (given === "") return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (/^https?:\/\/[^/]*\w/i.test(address) && URL.canParse(address)) return address;
  throw new RangeError(`${name} must be the address of a proxy like http://proxy.example:3128; got ${given}`);
}

/**
 * Asks for a file and follows redirects.
 *
 * @param url - where it is
 * @param headers - header fields of the request
 * @param connections - from `openConnections`
 * @param signal - aborts
 * @returns the answer, whose body must be read or destroyed
 * @throws Transient for what may pass (a busy server, a broken connection)
 * @throws DataError when the server refuses, sends a web page or redirects in circles
 */
export async function ask(
  url: string,
  headers: Record<string, string>,
  { dispatcher, idleMs }: Connections,
  signal: AbortSignal,
): Promise<Answer> {
  let address = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const {
      statusCode,
      headers: came,
      body,
    } = await request(address, {
      headers,
      dispatcher,
      signal,
      headersTimeout: idleMs,
      bodyTimeout: idleMs,
      highWaterMark: neverWaits,
    });
    const fields = Object.fromEntries(
      Object.entries(came).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    if (statusCode === 200 || statusCode === 206 || statusCode === 416) {
      if (statusCode !== 416 && /^text\/html\b/i.test(fields["content-type"] ?? "")) {
        discard(body);
        throw new DataError(
          `${address} must be the file itself; the server sent a web page instead (a login or a notice of the network?)`,
        );
      }
      return { status: statusCode, headers: fields, body };
    }
    discard(body);
    if ([301, 302, 303, 307, 308].includes(statusCode) && fields.location) {
      address = new URL(fields.location, address).href;
      if (!/^https?:/.test(address))
        throw new DataError(`${url} must lead to a web address; it redirects to ${address}`);
      continue;
    }
    const what = `${new URL(address).host} answered with status ${statusCode}`;
    if (statusCode >= 500 || [408, 425, 429].includes(statusCode)) {
      const seconds = Number(fields["retry-after"]);
      throw new Transient(what, seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined);
    }
    throw new DataError(`${what} for ${address}`);
  }
  throw new DataError(
    `${url} must lead to the file after at most ${mostRedirects} redirects; it redirects in circles`,
  );
}

/** The body is of no use: its connection is closed, and what that reports is of no interest. */
function discard(body: Readable): void {
  body.on("error", () => {});
  body.destroy();
}
