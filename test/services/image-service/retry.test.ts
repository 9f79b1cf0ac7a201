import { describe, expect, test } from 'vitest';
import { ImageServiceError } from '../../../src/services/image-service/errors.ts';
import { CREATE_RETRY, parseRetryAfter, withRetry } from '../../../src/services/image-service/retry.ts';

const unavailable = () => new ImageServiceError('unavailable', 'busy', { charged: 'no' });

async function waitsOf(random: () => number, error = unavailable()): Promise<number[]> {
  const waits: number[] = [];
  const delay = async (ms: number) => void waits.push(ms);
  await withRetry(CREATE_RETRY, () => Promise.reject(error), { delay, random }).catch(() => undefined);
  return waits;
}

test('jitter lengthens the waits by a quarter at most, and never shortens them', async () => {
  expect(await waitsOf(() => 0)).toEqual([5_000, 10_000, 20_000]);
  expect(await waitsOf(() => 1)).toEqual([6_250, 12_500, 25_000]);
});

test('a Retry-After shorter than the back-off does not shorten it', async () => {
  const error = new ImageServiceError('rate-limited', 'slow down', { charged: 'no', retryAfterMs: 1_000 });
  expect(await waitsOf(() => 0, error)).toEqual([5_000, 10_000, 20_000]);
});

test('an unexpected error is passed on at once', async () => {
  let calls = 0;
  const call = () => {
    calls++;
    return Promise.reject(new TypeError('a bug'));
  };
  await expect(withRetry(CREATE_RETRY, call)).rejects.toThrow(TypeError);
  expect(calls).toBe(1);
});

test('a wait ends at once when the caller gives up', async () => {
  const controller = new AbortController();
  const call = () => {
    queueMicrotask(() => controller.abort());
    return Promise.reject(unavailable());
  };
  await expect(withRetry(CREATE_RETRY, call, { signal: controller.signal })).rejects.toMatchObject({
    kind: 'aborted',
    charged: 'no',
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-02T10:00:00Z');

  test.each([
    [undefined, null],
    ['7', 7_000],
    ['0', 0],
    ['Mon, 02 Nov 2026 10:01:30 GMT', 90_000],
    ['Mon, 02 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
  ])('%s is %s ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});
