import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pollDelayMs, troubleDelayMs } from '../../../src/services/runner/schedule.ts';

const limits = { pollMinMs: 2000, pollMaxMs: 10_000 };

test('pauses grow with the age of the task, between the smallest and the largest', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000), fc.nat(60_000), (ageMs, moreMs) => {
      const pause = pollDelayMs(ageMs, limits);
      expect(pause).toBeGreaterThanOrEqual(limits.pollMinMs);
      expect(pause).toBeLessThanOrEqual(limits.pollMaxMs);
      expect(pollDelayMs(ageMs + moreMs, limits)).toBeGreaterThanOrEqual(pause);
    }),
  );
});

test('a young task is asked about at once, an old one seldom', () => {
  expect(pollDelayMs(0, limits)).toBe(2000);
  expect(pollDelayMs(50_000, limits)).toBe(5000);
  expect(pollDelayMs(600_000, limits)).toBe(10_000);
});

test('failures in a row slow the questions down, to once a minute', () => {
  expect([1, 2, 3, 10].map((failures) => troubleDelayMs(failures, null, limits))).toEqual([
    4000, 8000, 16_000, 60_000,
  ]);
});

test('the service is not asked before the time it named', () => {
  expect(troubleDelayMs(1, 90_000, limits)).toBe(90_000);
});
