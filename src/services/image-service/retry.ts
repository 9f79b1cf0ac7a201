import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ImageServiceError, type ServiceErrorKind } from './errors.ts';

export interface RetryPolicy {
  /** Waits before the second try, the third, …: one more try than there are entries. */
  delaysMs: readonly number[];
  /** A Retry-After beyond this isn't waited for: the error is thrown, and carries it. */
  maxRetryAfterMs: number;
  shouldRetry(error: ImageServiceError): boolean;
}

const NOT_NOW: readonly ServiceErrorKind[] = ['unreachable', 'rate-limited', 'unavailable'];
const NOT_HEARD: readonly ServiceErrorKind[] = ['timeout', 'connection-lost', 'malformed-answer'];

const isPassing = ({ kind }: ImageServiceError) => NOT_NOW.includes(kind) || NOT_HEARD.includes(kind);

/** A create is repeated only when it certainly wasn't taken. The waits are the service's own advice for code -1. */
export const CREATE_RETRY: RetryPolicy = {
  delaysMs: [5_000, 10_000, 20_000],
  maxRetryAfterMs: 60_000,
  shouldRetry: ({ kind, charged }) => NOT_NOW.includes(kind) && charged === 'no',
};

/** Reading is always safe to repeat; kept short, because whoever watches a task asks again anyway, and later if asked to. */
export const QUERY_RETRY: RetryPolicy = {
  delaysMs: [1_000],
  maxRetryAfterMs: 5_000,
  shouldRetry: (error) => isPassing(error) && error.kind !== 'rate-limited',
};

/** Whoever asks for the balance or for prices asks again anyway, and wants to know at once whether there is an answer. */
export const ASK_ONCE: RetryPolicy = { ...QUERY_RETRY, delaysMs: [] };

/** An upload costs nothing, and a reference can go along inline instead: more patience would only keep people waiting. */
export const UPLOAD_RETRY: RetryPolicy = {
  delaysMs: [1_000],
  maxRetryAfterMs: 5_000,
  shouldRetry: isPassing,
};

export interface RetryOptions {
  signal?: AbortSignal | undefined;
  log?: Logger | undefined;
  /** Resolves after `ms`, rejects when the signal aborts. */
  delay?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** In [0, 1), spreads the retries of several callers. */
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
  // Jitter only lengthens: neither the service's advice nor its Retry-After is undercut.
  return Math.round(Math.max(delayMs, retryAfterMs) * (1 + JITTER * random()));
}

async function delayFor(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { ...(signal && { signal }) });
}

/** Milliseconds asked for by a Retry-After header (RFC 9110 §10.2.3: seconds or a date), null if there is none. */
export function parseRetryAfter(header: string | undefined, now = Date.now()): number | null {
  if (header === undefined) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
