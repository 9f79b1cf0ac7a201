import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ImageServiceError, type ServiceErrorKind } from './errors.ts';

export interface RetryPolicy {
  /** The waits before the second try, the third, …; so there is one more try than entries. */
  delaysMs: readonly number[];
  /** A longer Retry-After isn't waited for; the error carries it to the caller. */
  maxRetryAfterMs: number;
  shouldRetry(error: ImageServiceError): boolean;
}

const NOT_NOW: readonly ServiceErrorKind[] = ['unreachable', 'rate-limited', 'unavailable'];
const NOT_HEARD: readonly ServiceErrorKind[] = ['timeout', 'connection-lost', 'malformed-answer'];

const isPassing = ({ kind }: ImageServiceError) => NOT_NOW.includes(kind) || NOT_HEARD.includes(kind);

/**
 * A create is repeated only when the service certainly hasn't accepted it. The service advises these waits for code -1.
 */
export const CREATE_RETRY: RetryPolicy = {
  delaysMs: [5_000, 10_000, 20_000],
  maxRetryAfterMs: 60_000,
  shouldRetry: ({ kind, charged }) => NOT_NOW.includes(kind) && charged === 'no',
};

/** Like a create, for an answer that a person waits for: only one more try, and soon. */
export const ANSWER_RETRY: RetryPolicy = { ...CREATE_RETRY, delaysMs: [5_000], maxRetryAfterMs: 10_000 };

/** Queries are always safe to repeat. The wait is short, since the poller asks again anyway, later if need be. */
export const QUERY_RETRY: RetryPolicy = {
  delaysMs: [1_000],
  maxRetryAfterMs: 5_000,
  shouldRetry: (error) => isPassing(error) && error.kind !== 'rate-limited',
};

/**
 * Balances and prices are queried again later anyway, and the caller wants to know at once whether there is an answer.
 */
export const ASK_ONCE: RetryPolicy = { ...QUERY_RETRY, delaysMs: [] };

/** An upload costs nothing, and the reference can be sent inline instead: more retries would only make people wait. */
export const UPLOAD_RETRY: RetryPolicy = {
  delaysMs: [1_000],
  maxRetryAfterMs: 5_000,
  shouldRetry: isPassing,
};

export interface RetryOptions {
  signal?: AbortSignal | undefined;
  log?: Logger | undefined;
  /** Resolves after `ms` milliseconds; rejects when the signal aborts. */
  delay?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** A number in [0, 1) that spreads the retries of several callers. */
  random?: (() => number) | undefined;
}

const JITTER = 0.25;

/** Calls until it succeeds or the policy gives up. Throws the last error, or kind 'aborted' if the wait is cut short. */
export async function withRetry<T>(
  policy: RetryPolicy,
  call: () => Promise<T>,
  { signal, log, delay = delayFor, random = Math.random }: RetryOptions = {},
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const waitMs = waitBeforeRetry(policy, attempt, error, random);
      if (waitMs === null) throw error;
      log?.warn(
        { err: error, attempt: attempt + 1, waitMs },
        'a call of the image service failed; it is tried again',
      );
      await delay(waitMs, signal).catch((cause) => {
        throw new ImageServiceError('aborted', 'Stopped while waiting to try again', {
          charged: 'no',
          cause,
        });
      });
    }
  }
}

function waitBeforeRetry(
  policy: RetryPolicy,
  attempt: number,
  error: unknown,
  random: () => number,
): number | null {
  const delayMs = policy.delaysMs[attempt];
  if (delayMs === undefined || !(error instanceof ImageServiceError) || !policy.shouldRetry(error))
    return null;
  const retryAfterMs = error.retryAfterMs ?? 0;
  if (retryAfterMs > policy.maxRetryAfterMs) return null;
  // Jitter only lengthens the wait, so that it never falls below the service's advice or its Retry-After.
  return Math.round(Math.max(delayMs, retryAfterMs) * (1 + JITTER * random()));
}

async function delayFor(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { ...(signal && { signal }) });
}

/** The milliseconds of a Retry-After header (RFC 9110 §10.2.3: seconds or a date); null if there is none. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
