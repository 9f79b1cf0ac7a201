import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { createDeadline } from '../concurrency/deadline.ts';
import { AS_IT_IS, unpacked } from '../http/unpacked.ts';
import { USER_AGENT } from '../http/user-agent.ts';
import { byProxy, type Tunnels } from '../proxy/tunnels.ts';
import { REFERENCE_MAX_BYTES } from '../request/request.ts';
import { PrivateAddressError, publicLookup } from './address.ts';
import { bytesOfDataUri, isDataUri } from './data-uri.ts';
import { FetchError, statusError, transportError } from './fetch-error.ts';
import { attachmentPolicy, type FetchPolicy, resultPolicy, type Trust } from './policy.ts';

export { FetchError };

const FETCH_LIMITS = {
  attachment: { maxBytes: REFERENCE_MAX_BYTES, deadlineMs: 30_000 },
  // A large image over a slow line takes minutes.
  result: { maxBytes: 64 * 1024 * 1024, deadlineMs: 300_000 },
};
/** A short link to a CDN in front of storage takes four. */
const MAX_REDIRECTS = 10;
const CONNECT_TIMEOUT_MS = 10_000;

/** Fetches images from URLs that strangers can influence. Throws FetchError, or the signal's reason once aborted. */
export interface Fetcher {
  /** A file from Discord's CDN. */
  attachment(url: string, options?: FetchOptions): Promise<Buffer<ArrayBuffer>>;
  /** A result from anywhere on the public internet, or from a data URI. */
  result(url: string, options?: FetchOptions): Promise<Buffer<ArrayBuffer>>;
  close(): Promise<void>;
}

export interface FetchOptions {
  signal?: AbortSignal;
}

export interface FetcherOptions {
  discordApiUrl: string;
  serviceBaseUrl: string;
  limits?: Partial<typeof FETCH_LIMITS>;
  /** Replaces the fetcher's connections; the caller closes it. */
  dispatcher?: Dispatcher;
  tunnels?: Tunnels | null;
  /** Replaces the system's name resolution for public addresses. */
  lookup?: LookupFunction;
}

/** A fetcher with its own connections; close it. */
export function createFetcher(options: FetcherOptions): Fetcher {
  const { dispatcher, tunnels, lookup } = options;
  const trusted = dispatcher ?? new Agent(connections({ tunnels }));
  const guarded = dispatcher ?? new Agent(connections({ tunnels, lookup: publicLookup(lookup) }));
  const limits = { ...FETCH_LIMITS, ...options.limits };
  const attachments = attachmentPolicy(options.discordApiUrl);
  const results = resultPolicy(options.serviceBaseUrl);

  async function get(href: string, policy: FetchPolicy, limit: FetchLimit, signal?: AbortSignal) {
    using deadline = createDeadline(limit.deadlineMs, signal);
    try {
      const { body, announced, encoding } = await follow(href, policy, deadline.signal);
      const bytes = await readAtMost(body, limit.maxBytes, announced);
      return encoding === undefined ? bytes : asBuffer(await unpacked(bytes, encoding, limit.maxBytes));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw deadline.isPast
        ? new FetchError('timeout', 'The image took too long', true)
        : transportError(error);
    }
  }

  async function follow(href: string, policy: FetchPolicy, signal: AbortSignal): Promise<Found> {
    let url = parse(href);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { statusCode, headers, body } = await requestOnce(url, policy(url), signal);
      if (statusCode >= 200 && statusCode < 300) {
        const announced = Number([headers['content-length']].flat()[0]);
        return { body, announced, encoding: headers['content-encoding'] };
      }
      await body.dump();
      const location = [headers.location].flat()[0];
      if (!REDIRECT_STATUSES.has(statusCode) || location === undefined) throw statusError(statusCode);
      url = parse(location, url);
    }
    throw new FetchError('bad-status', `More than ${MAX_REDIRECTS} redirects`, false);
  }

  function requestOnce(url: URL, trust: Trust, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    if (trust === 'forbidden') throw new FetchError('forbidden', `${url.host} is out of bounds`, false);
    const dispatcher = trust === 'trusted' ? trusted : guarded;
    const path = url.pathname + url.search;
    return dispatcher.request({ origin: url.origin, path, method: 'GET', headers: HEADERS, signal });
  }

  return {
    attachment: (url, { signal } = {}) => get(url, attachments, limits.attachment, signal),
    async result(url, { signal } = {}) {
      if (isDataUri(url)) return bytesOfDataUri(url, limits.result.maxBytes);
      return get(url, results, limits.result, signal);
    },
    async close() {
      if (options.dispatcher === undefined) await Promise.all([trusted.close(), guarded.close()]);
    },
  };
}

const HEADERS = { 'user-agent': USER_AGENT, accept: 'image/*, */*;q=0.8', ...AS_IT_IS };

interface FetchLimit {
  maxBytes: number;
  /** Covers redirects, headers and body together. */
  deadlineMs: number;
}

interface Found {
  body: Dispatcher.ResponseData['body'];
  /** The Content-Length in bytes; NaN when there is none. */
  announced: number;
  /** The Content-Encoding. */
  encoding: string | string[] | undefined;
}

function connections({
  tunnels,
  lookup,
}: {
  tunnels: Tunnels | null | undefined;
  lookup?: LookupFunction;
}): Agent.Options {
  const connect = { timeout: CONNECT_TIMEOUT_MS, ...(lookup && { lookup }) };
  if (!tunnels) return { connect };
  return {
    connect: byProxy(buildConnector(connect as buildConnector.BuildOptions), {
      tunnels,
      ...(lookup && { check: (hostname) => refusePrivate(hostname, lookup) }),
    }),
  };
}

/** A name that this machine can't resolve is left to the proxy, which then decides. */
function refusePrivate(hostname: string, lookup: LookupFunction): Promise<void> {
  return new Promise((resolve, reject) =>
    lookup(hostname, { all: true }, (error) =>
      error instanceof PrivateAddressError ? reject(error) : resolve(),
    ),
  );
}

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

function parse(href: string, base?: URL): URL {
  const url = URL.parse(href, base);
  if (url === null) throw new FetchError('forbidden', 'Not a URL', false);
  return url;
}

/** Content-Length is only a promise, so the bytes that arrive are counted. When it is kept, no byte is copied twice. */
async function readAtMost(
  body: Found['body'],
  maxBytes: number,
  announced: number,
): Promise<Buffer<ArrayBuffer>> {
  let bytes = Buffer.allocUnsafeSlow(Math.min(announced > 0 ? announced : FIRST_GUESS_BYTES, maxBytes));
  let length = 0;
  for await (const chunk of body) {
    const end = length + chunk.length;
    if (end > maxBytes) throw new FetchError('too-large', `The image is over ${maxBytes} bytes`, false);
    if (end > bytes.length) bytes = grown(bytes, Math.max(end, Math.min(2 * bytes.length, maxBytes)));
    bytes.set(chunk, length);
    length = end;
  }
  return bytes.subarray(0, length);
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Buffer<ArrayBuffer> {
  return Buffer.from(buffer, byteOffset, length);
}

const FIRST_GUESS_BYTES = 1024 * 1024;

function grown(bytes: Buffer<ArrayBuffer>, size: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(size);
  larger.set(bytes);
  return larger;
}
