import { buildConnector, type Dispatcher, errors, type FormData, Pool } from 'undici';
import { createSemaphore } from '../concurrency/semaphore.ts';
import { AS_IT_IS, UnpacksToTooMuchError, unpacked } from '../http/unpacked.ts';
import { USER_AGENT } from '../http/user-agent.ts';
import { byProxy, type Tunnels } from '../proxy/tunnels.ts';

import { createBodyReader } from './body-reader.ts';
import type { Answer } from './envelope.ts';
import { type Charged, ImageServiceError } from './errors.ts';
import { ORDINARY_MAX_BYTES, readBytes, TooLateError, TooLongError } from './read-bytes.ts';
import { parseRetryAfter } from './retry.ts';

/** Create and upload have long timeouts, because they may send megabytes of references first. */
export const TIMEOUTS = {
  connectMs: 10_000,
  createMs: 120_000,
  /** A tool answers once it is done. The service asks for at least 180 seconds (docs: images/upscale). */
  toolMs: 240_000,
  queryMs: 30_000,
  uploadMs: 120_000,
  /** The time between two chunks of an ordinary answer's body, and for all of it. */
  bodyMs: 30_000,
  /** The time for the rest of an answer that contains an image. */
  imageMs: 120_000,
};

/** An image of 48 MB in base64. */
const IMAGE_ANSWER_MAX_BYTES = 64 * 1024 * 1024;
/** Room for one such answer in memory at a time. */
const LARGE_ANSWERS_BYTES = IMAGE_ANSWER_MAX_BYTES;
const KEEP_ALIVE_MS = 30_000;
/** After a start the bot may ask about thousands of tasks. This sends no more queries than the service answers. */
export const QUERIES_AT_ONCE = 64;

export interface HttpOptions {
  baseUrl: URL;
  /** Null for a service that asks for none. */
  apiKey: string | null;
  /** The header for the key, if it isn't a bearer token. */
  keyHeader?: 'api-key' | undefined;
  /** Replaces the client's connections; the caller closes it. */
  dispatcher?: Dispatcher | undefined;
  timeouts: typeof TIMEOUTS;
  tunnels?: Tunnels | null | undefined;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  json?: unknown;
  form?: FormData;
  /** The time until the answer's headers, sending included. */
  timeoutMs: number;
  /**
   * Whether the service does the work before it answers. Gateways begin such an answer early, and send white space to
   * keep the connection open, so the body has the same time as the headers.
   */
  answersWhenDone?: boolean;
  chargedIfUnclear: Charged;
  /** Whether the answer may contain a whole image. */
  mayHoldImage?: boolean;
  /** Whether the caller wants that image. */
  wantsImage?: boolean;
  /** The most entries to read of each list in the answer, if the default is too few. */
  entriesMax?: number;
  /** Everybody gets the same answer, so the key isn't sent. */
  isPublic?: boolean;
}

/** An answer, and the image that it contains as a data URI if that was wanted. */
export interface Received extends Answer {
  readonly image: string | null;
}

export interface Http {
  /**
   * Sends the request once, never twice. Throws ImageServiceError when no complete answer arrives. The signal never
   * aborts a request that may cost money.
   */
  send(request: HttpRequest, signal?: AbortSignal): Promise<Received>;
  close(): Promise<void>;
}

/** Authorized HTTP to the service's one origin. */
export function createHttp(options: HttpOptions): Http {
  const { baseUrl, apiKey, dispatcher, timeouts, tunnels } = options;
  const key = keyHeaders(options);
  const poolOptions: Pool.Options = {
    connect: connectorThatMarksErrors(timeouts.connectMs, tunnels),
    bodyTimeout: timeouts.bodyMs,
    maxResponseSize: IMAGE_ANSWER_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Over HTTP/2 undici repeats requests by itself, for instance after a GOAWAY.
    allowH2: false,
  };
  const kept = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, connections: QUERIES_AT_ONCE });
  // A kept-alive socket may be dead already, and then nobody knows whether the request arrived. So a request that may
  // cost money gets a new socket: pipelining 0 closes it after each answer.
  const fresh = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, pipelining: 0 });
  const prefix = baseUrl.pathname.replace(/\/$/, '');
  // The reader masks the key, because the service may quote a wrong key in its answer.
  const bodies = createBodyReader(apiKey ?? '');
  const gate = createSemaphore(LARGE_ANSWERS_BYTES);

  /** A few kilobytes can unpack to a large answer, which then takes its room in memory through the gate. */
  async function unpack(bytes: Uint8Array<ArrayBuffer>, encoding: Encoding, { mayHoldImage }: HttpRequest) {
    if (encoding === undefined) return bytes;
    try {
      return await unpacked(bytes, encoding, ORDINARY_MAX_BYTES);
    } catch (error) {
      if (!(error instanceof UnpacksToTooMuchError && mayHoldImage)) throw error;
    }
    return await gate(IMAGE_ANSWER_MAX_BYTES, 'an answer', () =>
      unpacked(bytes, encoding, IMAGE_ANSWER_MAX_BYTES),
    );
  }

  return {
    async send(request, signal) {
      if (signal?.aborted)
        throw new ImageServiceError('aborted', 'Stopped before sending', { charged: 'no' });
      const mayCost = request.chargedIfUnclear === 'maybe';
      const pool = request.method === 'GET' ? kept : fresh;
      // A request that may be charged runs to its end: aborting it would only lose the answer.
      const halt = mayCost ? undefined : signal;
      const startedAt = performance.now();
      try {
        const { statusCode, headers, body } = await pool.request({
          origin: baseUrl.origin,
          path: prefix + request.path + baseUrl.search,
          method: request.method,
          ...contentOf(request, key),
          headersTimeout: request.timeoutMs,
          ...(request.answersWhenDone && { bodyTimeout: Math.max(timeouts.bodyMs, request.timeoutMs) }),
          signal: halt ?? null,
        });
        const leftMs = request.answersWhenDone ? startedAt + request.timeoutMs - performance.now() : 0;
        const bytes = await readBytes(body, {
          maxBytes: request.mayHoldImage ? IMAGE_ANSWER_MAX_BYTES : ORDINARY_MAX_BYTES,
          announcedBytes: announcedIn(headers['content-length']),
          ordinaryMs: Math.max(timeouts.bodyMs, leftMs),
          largeMs: timeouts.imageMs,
          gate,
          signal: halt,
        });
        return {
          status: statusCode,
          ...(await bodies.read(await unpack(bytes, headers['content-encoding'], request), request)),
          retryAfterMs: parseRetryAfter([headers['retry-after']].flat()[0]),
          chargedIfUnclear: request.chargedIfUnclear,
        };
      } catch (error) {
        throw transportError(error, request.chargedIfUnclear, signal);
      }
    },
    async close() {
      await bodies.close();
      if (dispatcher === undefined) await Promise.all([kept.close(), fresh.close()]);
    },
  };
}

/** As many bytes as the answer says that it has; it can't have more. Null where it doesn't say. */
function announcedIn(header: string | string[] | undefined): number | null {
  const bytes = Number([header].flat()[0]);
  return Number.isSafeInteger(bytes) ? bytes : null;
}

type Encoding = string | string[] | undefined;

function keyHeaders({ apiKey, keyHeader }: HttpOptions): Record<string, string> {
  if (apiKey === null) return {};
  return keyHeader ? { [keyHeader]: apiKey } : { authorization: `Bearer ${apiKey}` };
}

function contentOf({ json, form, isPublic }: HttpRequest, key: Record<string, string>) {
  const headers = {
    ...(!isPublic && key),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...AS_IT_IS,
  };
  if (json === undefined) return { headers, body: form ?? null };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(json) };
}

/** The connection was never made, so the request certainly wasn't sent. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/**
 * Marks errors that happen before a byte of the request is sent. The codes ECONNRESET and ETIMEDOUT alone don't tell.
 */
function connectorThatMarksErrors(
  timeoutMs: number,
  tunnels: Tunnels | null | undefined,
): buildConnector.connector {
  const connect = byProxy(buildConnector({ timeout: timeoutMs, allowH2: false }), { tunnels });
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error
        ? callback(new ConnectError('Could not connect', { cause: error }), null)
        : callback(null, socket),
    );
}

/** Errors of a proxy before it connected, and codes that prove by themselves that nothing was sent. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  ...['UND_ERR_PRX_TLS', 'UND_ERR_PRX_CONN', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** Whether certainly no byte of the request was sent, also when another dispatcher connects, such as a proxy's. */
function wasNeverSent(cause: unknown): boolean {
  if (cause instanceof ConnectError) return true;
  // undici gives a proxy's refusal to connect no class of its own.
  if (cause instanceof errors.RequestAbortedError) return /HTTP Tunneling/.test(cause.message);
  return cause instanceof Error && 'code' in cause && NEVER_SENT.has(cause.code);
}

function transportError(cause: unknown, charged: Charged, signal: AbortSignal | undefined): unknown {
  // A mistake of the bot, noticed before sending. undici uses the same class for a proxy that wants a password.
  if (cause instanceof errors.InvalidArgumentError && !/Proxy/.test(cause.message)) return cause;
  if (wasNeverSent(cause) || cause instanceof errors.InvalidArgumentError) {
    return new ImageServiceError('unreachable', 'The image service could not be reached', {
      charged: 'no',
      cause,
    });
  }
  if (signal?.aborted) return new ImageServiceError('aborted', 'The call was stopped', { charged, cause });
  if (IN_TIME.some((late) => cause instanceof late)) {
    return new ImageServiceError('timeout', 'The image service did not answer in time', { charged, cause });
  }
  if (TOO_LONG.some((long) => cause instanceof long)) {
    return new ImageServiceError('malformed-answer', "The image service's answer is too long", {
      charged,
      cause,
    });
  }
  return new ImageServiceError('connection-lost', 'The connection to the image service was lost', {
    charged,
    cause,
  });
}

const TOO_LONG = [errors.ResponseExceededMaxSizeError, TooLongError, UnpacksToTooMuchError];
const IN_TIME = [TooLateError, errors.HeadersTimeoutError, errors.BodyTimeoutError];
