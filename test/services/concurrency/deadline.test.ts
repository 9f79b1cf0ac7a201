import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadline } from '../../../src/services/concurrency/deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('is aborted when its time is over', () => {
  const deadline = createDeadline(1000);
  vi.advanceTimersByTime(999);
  expect(deadline.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
  expect(deadline.isPast).toBe(true);
});

test('is aborted along with the other signal, also one that was before, and is not past by that', () => {
  const other = new AbortController();
  const deadline = createDeadline(1000, other.signal);
  other.abort(new Error('no longer'));
  const later = createDeadline(1000, other.signal);
  for (const { signal, isPast } of [deadline, later]) {
    expect(signal.reason).toEqual(new Error('no longer'));
    expect(isPast).toBe(false);
  }
});

test('leaves no timer behind once it is disposed of, and no longer listens', () => {
  const other = new AbortController();
  const deadline = createDeadline(1000, other.signal);
  deadline[Symbol.dispose]();
  expect(vi.getTimerCount()).toBe(0);
  other.abort();
  expect(deadline.signal.aborted).toBe(false);
});
