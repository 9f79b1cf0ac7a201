import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { retry } from '../../../src/services/concurrency/retry.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const halt = new AbortController().signal;
const worthwhile = () => true;

test('the pauses grow, and the last one repeats', async () => {
  expect(await triedAt({ pausesMs: [1, 10], worthwhile, halt }, 4)).toEqual([0, 1, 11, 21]);
});

test('an error that says how long to wait is waited for as long as it says', async () => {
  const askedMs = (error: unknown) => (error === 2 ? 7 : null);
  expect(await triedAt({ pausesMs: [1, 100], askedMs, worthwhile, halt }, 4)).toEqual([0, 1, 8, 108]);
});

test('the last error is thrown where another try cannot help', async () => {
  const attempt = () => Promise.reject(new Error('no'));
  await expect(retry(attempt, { pausesMs: [0], worthwhile: () => false, halt })).rejects.toThrow('no');
});

test('a pause ends at once when it is halted', async () => {
  const halting = new AbortController();
  const tried = retry(() => Promise.reject(new Error('no')), {
    pausesMs: [1000],
    worthwhile,
    halt: halting.signal,
  });
  const ended = expect(tried).rejects.toThrow(/aborted/);
  await vi.advanceTimersByTimeAsync(10);
  halting.abort();
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});

/** When each of so many tries was made; each fails with its number but the last. */
async function triedAt(options: Parameters<typeof retry>[1], tries: number): Promise<number[]> {
  const times: number[] = [];
  const startedAt = performance.now();
  const done = retry(async () => {
    times.push(performance.now() - startedAt);
    if (times.length < tries) throw times.length;
  }, options);
  await vi.runAllTimersAsync();
  await done;
  return times;
}
