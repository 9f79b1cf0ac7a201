import { beforeEach, expect, test } from 'vitest';
import { createOutlived } from '../../../src/services/images/lifetime.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const START = 1_700_000_000_000;

let now: number;
let elapsed: number;
beforeEach(() => {
  now = START;
  elapsed = 0;
});

test('what was sent is outlived after three days that the process has seen go by', () => {
  const isOutlived = createOutlived({ now: () => now, elapsed: () => elapsed });
  [now, elapsed] = [START + 3 * DAY - 1, 3 * DAY - 1];
  expect(isOutlived(START)).toBe(false);
  [now, elapsed] = [START + 3 * DAY, 3 * DAY];
  expect(isOutlived(START)).toBe(true);
});

test('a clock that is days ahead at the start, and then put right, outlives nothing', () => {
  now = START + 30 * DAY;
  const isOutlived = createOutlived({ now: () => now, elapsed: () => elapsed });
  expect(isOutlived(START)).toBe(false);
  [now, elapsed] = [START + HOUR, HOUR];
  expect(isOutlived(START)).toBe(false);
});

test('neither does one that is set forward later', () => {
  const isOutlived = createOutlived({ now: () => now, elapsed: () => elapsed });
  [now, elapsed] = [START + 30 * DAY, 2 * HOUR];
  expect(isOutlived(START)).toBe(false);
});

test('what an earlier process sent is outlived an hour after the start', () => {
  const isOutlived = createOutlived({ now: () => now, elapsed: () => elapsed });
  [now, elapsed] = [START + HOUR, HOUR];
  expect(isOutlived(START - 4 * DAY)).toBe(true);
});
