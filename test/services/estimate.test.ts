import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateReadyAt } from '../../src/services/estimate.ts';

const START = 1_000_000;

test('before there is progress, a task takes what is typical', () => {
  expect(estimateReadyAt(START, 15_000, null)).toBe(START + 15_000);
  expect(estimateReadyAt(START, 15_000, { percent: 0, at: START + 9000 })).toBe(START + 15_000);
});

test('a task that is faster than usual is expected sooner, one that is slower later', () => {
  expect(estimateReadyAt(START, 15_000, { percent: 50, at: START + 2000 })).toBe(START + 9500);
  expect(estimateReadyAt(START, 15_000, { percent: 50, at: START + 30_000 })).toBe(START + 37_500);
});

test('the estimate lies between what is typical and the pace of the task, and ends at that pace', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.nat(600_000),
      fc.nat(300_000),
      (percent, elapsed, typical) => {
        const ready = estimateReadyAt(START, typical, { percent, at: START + elapsed }) - START;
        const pace = elapsed / (percent / 100);
        expect(ready).toBeGreaterThanOrEqual(Math.min(typical, pace) - 1);
        expect(ready).toBeLessThanOrEqual(Math.max(typical, pace) + 1);
        if (percent === 100) expect(ready).toBeCloseTo(elapsed);
      },
    ),
  );
});
