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

/** Create and upload wait long, because they may send megabytes of references first. */
export const TIMEOUTS = {
  connectMs: 10_000,
  createMs: 120_000,
  queryMs: 30_000,
  uploadMs: 120_000,
  /** Between two pieces of the answer's body, and for all of it. */
  bodyMs: 30_000,
  /** For the rest of an answer that holds an image. */
  imageMs: 120_000,
};

/** An image of 48 MB in base64. */
const IMAGE_ANSWER_MAX_BYTES = 64 * 1024 * 1024;
/** One such answer after the other is held in memory. */
const LARGE_ANSWERS_BYTES = IMAGE_ANSWER_MAX_BYTES;
const KEEP_ALIVE_MS = 30_000;
/** After a start thousands of tasks are to be asked about: the service gets as many queries as it answers, and no rush. */
export const QUERIES_AT_ONCE = 64;

export interface HttpOptions {
  baseUrl: URL;
  apiKey: string;
  /** Replaces the sockets; stays the caller's to close. */
  dispatcher?: Dispatcher | undefined;
  timeouts: typeof TIMEOUTS;
  tunnels?: Tunnels | null | undefined;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  json?: unknown;
  form?: FormData;
  /** Until the answer's headers, the sending included. */
  timeoutMs: number;
  chargedIfUnclear: Charged;
  /** The answer may hold a whole image. */
  mayHoldImage?: boolean;
  /** It is wanted. */
  wantsImage?: boolean;
  /** How many entries of each list in the answer are read, where the usual few don't do. */
  entriesMax?: number;
  /** Whoever asks gets the same answer: the key stays here. */
  isPublic?: boolean;
}

/** An answer, and the image that stands in it as a data URI, where that was wanted. */
export interface Received extends Answer {
  readonly image: string | null;
}

export interface Http {
  /** Sends once, never twice. Throws ImageServiceError where no whole answer comes back. The signal never cuts off what may cost. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<Received>;
  close(): Promise<void>;
}

/** Authorized HTTP to the service's one origin. */
export function createHttp({ baseUrl, apiKey, dispatcher, timeouts, tunnels }: HttpOptions): Http {
  const poolOptions: Pool.Options = {
    connect: connectorThatMarksErrors(timeouts.connectMs, tunnels),
    bodyTimeout: timeouts.bodyMs,
    maxResponseSize: IMAGE_ANSWER_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Over HTTP/2 undici repeats requests by itself, after a GOAWAY for one.
    allowH2: false,
  };
  const kept = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, connections: QUERIES_AT_ONCE });
  // A kept-alive socket can be dead already, and then nobody knows whether the request arrived. What may cost money
  // gets a fresh one: pipelining 0 closes after each answer.
  const fresh = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, pipelining: 0 });
  const prefix = baseUrl.pathname.replace(/\/$/, '');
  // The service may quote a wrong key back: the reader masks it.
  const bodies = createBodyReader(apiKey);
  const gate = createSemaphore(LARGE_ANSWERS_BYTES);

  /** A large answer takes its room once more: it can be packed into a few kilobytes. */
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
      // What may be charged is let finish: cutting it off would only lose the answer.
      const halt = mayCost ? undefined : signal;
      try {
        const { statusCode, headers, body } = await pool.request({
          origin: baseUrl.origin,
          path: prefix + request.path,
          method: request.method,
          ...contentOf(request, apiKey),
          headersTimeout: request.timeoutMs,
          signal: halt ?? null,
        });
        const bytes = await readBytes(body, {
          maxBytes: request.mayHoldImage ? IMAGE_ANSWER_MAX_BYTES : ORDINARY_MAX_BYTES,
          ordinaryMs: timeouts.bodyMs,
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

type Encoding = string | string[] | undefined;

function contentOf({ json, form, isPublic }: HttpRequest, apiKey: string) {
  const headers = {
    ...(!isPublic && { authorization: `Bearer ${apiKey}` }),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...AS_IT_IS,
  };
  if (json === undefined) return { headers, body: form ?? null };
  return { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(json) };
}

/** The connection was never made: whatever was to be sent certainly wasn't. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** Marks what fails before a byte of the request is sent; by their codes alone ECONNRESET or ETIMEDOUT could be either. */
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

/** What went wrong while a proxy was asked for the way, and what the code of an error proves by itself. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  ...['UND_ERR_PRX_TLS', 'UND_ERR_PRX_CONN', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** Whether not a byte of the request can have left: also where somebody else's dispatcher connects, such as a proxy's. */
function wasNeverSent(cause: unknown): boolean {
  if (cause instanceof ConnectError) return true;
  // undici gives a proxy's refusal to connect no class of its own.
  if (cause instanceof errors.RequestAbortedError) return /HTTP Tunneling/.test(cause.message);
  return cause instanceof Error && 'code' in cause && NEVER_SENT.has(cause.code);
}

function transportError(cause: unknown, charged: Charged, signal: AbortSignal | undefined): unknown {
  // Our own mistake, noticed before sending; a proxy that wants a password is none.
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
