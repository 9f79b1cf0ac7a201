import { addAbortSignal } from 'node:stream';
import { buildConnector, type Dispatcher, errors, type FormData, Pool } from 'undici';
import { createDeadline } from '../deadline.ts';
import type { ProxyFor } from '../proxy/proxies.ts';
import { byProxy } from '../proxy/tunnel.ts';
import type { Answer } from './answers.ts';
import { type Charged, JimmyAiError } from './errors.ts';
import { parseRetryAfter } from './retry.ts';

/** Create and upload wait long, because they may send megabytes of references first. */
export const TIMEOUTS = {
  connectMs: 10_000,
  createMs: 120_000,
  queryMs: 30_000,
  uploadMs: 120_000,
  /** Between two pieces of the answer's body, and for all of it. */
  bodyMs: 30_000,
};

const ANSWER_MAX_BYTES = 1024 * 1024;
const KEEP_ALIVE_MS = 30_000;
/** After a start thousands of tasks are to be asked about: the service gets as many queries as it answers, and no rush. */
export const QUERIES_AT_ONCE = 64;

export interface HttpOptions {
  baseUrl: URL;
  apiKey: string;
  /** Replaces the sockets; stays the caller's to close. */
  dispatcher?: Dispatcher | undefined;
  timeouts: typeof TIMEOUTS;
  proxyFor?: ProxyFor | null | undefined;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  json?: unknown;
  form?: FormData;
  /** Until the answer's headers, the sending included. */
  timeoutMs: number;
  chargedIfUnclear: Charged;
}

export interface Http {
  /** Sends once, never twice. Throws JimmyAiError where no whole answer comes back. The signal never cuts off what may cost. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

/** Authorized HTTP to the service's one origin. */
export function createHttp({ baseUrl, apiKey, dispatcher, timeouts, proxyFor }: HttpOptions): Http {
  const poolOptions: Pool.Options = {
    connect: connectorThatMarksErrors(timeouts.connectMs, proxyFor),
    bodyTimeout: timeouts.bodyMs,
    maxResponseSize: ANSWER_MAX_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Over HTTP/2 undici repeats requests by itself, after a GOAWAY for one.
    allowH2: false,
  };
  const kept = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, connections: QUERIES_AT_ONCE });
  // A kept-alive socket can be dead already, and then nobody knows whether the request arrived. What may cost money
  // gets a fresh one: pipelining 0 closes after each answer.
  const fresh = dispatcher ?? new Pool(baseUrl.origin, { ...poolOptions, pipelining: 0 });
  const prefix = baseUrl.pathname.replace(/\/$/, '');
  const key = inAnySpelling(apiKey);

  return {
    async send(request, signal) {
      if (signal?.aborted) throw new JimmyAiError('aborted', 'Stopped before sending', { charged: 'no' });
      const mayCost = request.chargedIfUnclear === 'maybe';
      const pool = request.method === 'GET' ? kept : fresh;
      // What may be charged is let finish: cutting it off would only lose the answer.
      const halt = mayCost ? undefined : signal;
      let isLate = false;
      try {
        const { statusCode, headers, body } = await pool.request({
          origin: baseUrl.origin,
          path: prefix + request.path,
          method: request.method,
          headers: {
            authorization: `Bearer ${apiKey}`,
            accept: 'application/json',
            ...(request.json !== undefined && { 'content-type': 'application/json' }),
          },
          body: request.form ?? (request.json === undefined ? null : JSON.stringify(request.json)),
          headersTimeout: request.timeoutMs,
          signal: halt ?? null,
        });
        // It can trickle in for days without any pause that undici would end. Counted from here: a query may have
        // waited long for its turn.
        using deadline = createDeadline(timeouts.bodyMs, halt);
        deadline.signal.addEventListener('abort', () => {
          isLate = deadline.isPast;
        });
        const text = await addAbortSignal(deadline.signal, body).text();
        return {
          status: statusCode,
          // The service may quote a wrong key back.
          text: text.replaceAll(key, '[key]'),
          retryAfterMs: parseRetryAfter([headers['retry-after']].flat()[0]),
          chargedIfUnclear: request.chargedIfUnclear,
        };
      } catch (error) {
        throw transportError(error, request.chargedIfUnclear, { signal, isLate });
      }
    },
    async close() {
      if (dispatcher === undefined) await Promise.all([kept.close(), fresh.close()]);
    },
  };
}

/** The connection was never made: whatever was to be sent certainly wasn't. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** Marks what fails before a byte of the request is sent; by their codes alone ECONNRESET or ETIMEDOUT could be either. */
function connectorThatMarksErrors(
  timeoutMs: number,
  proxyFor: ProxyFor | null | undefined,
): buildConnector.connector {
  const connect = byProxy(buildConnector({ timeout: timeoutMs, allowH2: false }), { proxyFor, timeoutMs });
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error
        ? callback(new ConnectError('Could not connect', { cause: error }), null)
        : callback(null, socket),
    );
}

/** A text as it may stand in JSON: each character as it is, behind a backslash, or by its number. */
function inAnySpelling(text: string): RegExp {
  const characters = Array.from(text, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    return `(?:\\\\?${RegExp.escape(character)}|\\\\u(?i:${hex}))`;
  });
  return new RegExp(characters.join(''), 'g');
}

interface Ended {
  readonly signal: AbortSignal | undefined;
  readonly isLate: boolean;
}

function transportError(cause: unknown, charged: Charged, { signal, isLate }: Ended): unknown {
  if (cause instanceof errors.InvalidArgumentError) return cause; // our own mistake, noticed before sending
  if (cause instanceof ConnectError) {
    return new JimmyAiError('unreachable', 'JimmyAI could not be reached', { charged: 'no', cause });
  }
  if (signal?.aborted) return new JimmyAiError('aborted', 'The call was stopped', { charged, cause });
  if (isLate || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError) {
    return new JimmyAiError('timeout', 'JimmyAI did not answer in time', { charged, cause });
  }
  if (cause instanceof errors.ResponseExceededMaxSizeError) {
    return new JimmyAiError('malformed-answer', "JimmyAI's answer is too long", { charged, cause });
  }
  return new JimmyAiError('connection-lost', 'The connection to JimmyAI was lost', { charged, cause });
}
