import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRateLimiter } from '../../../src/services/reporting/rate-limiter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first goes at once, the others one after the other, in their order', () => {
  const { ask, gone } = tenASecond();
  for (const name of ['a', 'b', 'c']) ask(name);
  expect(gone).toEqual(['a']);
  vi.advanceTimersByTime(100);
  expect(gone).toEqual(['a', 'b']);
  vi.advanceTimersByTime(100);
  expect(gone).toEqual(['a', 'b', 'c']);
});

test('whoever comes later than the interval has nobody to wait for', () => {
  const { ask, gone } = tenASecond();
  ask('early');
  vi.advanceTimersByTime(100);
  ask('late');
  expect(gone).toEqual(['early', 'late']);
});

test('whoever comes within the interval waits for its end', () => {
  const { ask, gone } = tenASecond();
  ask('first');
  vi.advanceTimersByTime(60);
  ask('second');
  expect(gone).toEqual(['first']);
  vi.advanceTimersByTime(40);
  expect(gone).toEqual(['first', 'second']);
});

test('whoever gives up uses no turn', () => {
  const { limiter, ask, gone } = tenASecond();
  ask('first');
  const impatient = ask('impatient');
  ask('next');
  limiter.leave(impatient);
  vi.advanceTimersByTime(100);
  expect(gone).toEqual(['first', 'next']);
});

test('what can wait does so until nothing else waits, and can be asked for without waiting', () => {
  const { ask, gone, limiter } = tenASecond();
  ask('first');
  const patient = ask('patient', { canWait: true });
  const promoted = ask('promoted', { canWait: true });
  ask('news');
  limiter.ask(promoted);
  vi.advanceTimersByTime(100);
  ask('later news');
  vi.advanceTimersByTime(200);
  expect(gone).toEqual(['first', 'news', 'promoted', 'later news']);
  vi.advanceTimersByTime(100);
  expect(gone.at(-1)).toBe('patient');
  limiter.leave(patient);
  vi.advanceTimersByTime(1000);
  expect(gone).toHaveLength(5);
});

function tenASecond() {
  const limiter = createRateLimiter(10);
  const gone: string[] = [];
  const ask = (name: string, options?: { canWait: boolean }) => {
    const waiter = { go: () => void gone.push(name) };
    limiter.ask(waiter, options);
    return waiter;
  };
  return { limiter, ask, gone };
}
