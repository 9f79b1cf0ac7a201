import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barMovesInMs, barOf, moveBar } from '../../../src/services/generations/bar.ts';
import type { LiveTask } from '../../../src/services/generations/job.ts';
import { liveTask, NOW } from '../rows.ts';

const TAKES_MS = 10_000;

test('it follows the time that such images take, in steps, and is never full before the image is ready', () => {
  const task = running();
  expect(seenAt(task, [0, 1999, 2000, 5000, 8000, 9999, 60_000])).toEqual([0, 0, 20, 40, 80, 80, 80]);
});

test('each step comes when its time does', () => {
  const task = running();
  const steps: number[] = [];
  for (let now: number | null = NOW; now !== null; ) {
    moveBar(task, now);
    const inMs: number | null = barMovesInMs([task], now);
    if (inMs !== null) steps.push(now + inMs - NOW);
    now = inMs === null ? null : now + inMs;
  }
  expect(steps).toEqual([2000, 4000, 6000, 8000]);
});

test('it goes on from what the service reports, which is shown as it is', () => {
  const task = running({ progress: { percent: 50, at: NOW + 2000 } });
  expect(barOf(task)).toEqual({ percent: 50, isEstimate: false });
  expect(barMovesInMs([task], NOW + 2000)).toBe(1600);
  moveBar(task, NOW + 3600);
  expect(barOf(task)).toEqual({ percent: 60, isEstimate: true });
});

test('it never goes back, whatever is reported or expected', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ percent: fc.nat(99), readyInMs: fc.nat(60_000), afterMs: fc.nat(20_000) })),
      (reports) => {
        const task = running();
        let now = NOW;
        let before = 0;
        for (const { percent, readyInMs, afterMs } of reports) {
          now += afterMs;
          // Reports that fall are none.
          if (percent > (task.progress?.percent ?? -1)) task.progress = { percent, at: now };
          task.readyAt = now + readyInMs;
          moveBar(task, now + 1);
          const shown = barOf(task)?.percent ?? 0;
          expect(shown).toBeGreaterThanOrEqual(before);
          expect(shown).toBeLessThan(100);
          before = shown;
        }
      },
    ),
  );
});

test.each([
  ['nobody can say how long it takes', { readyAt: null }],
  ['the service says that it waits', { said: 'waiting' }],
] as const)('it stays empty where %s', (_, live) => {
  const task = running(live);
  moveBar(task, NOW + 9000);
  expect(barOf(task)).toBeNull();
  expect(barMovesInMs([task], NOW)).toBeNull();
});

test('of several images, the next move of any counts', () => {
  const slow = running({ readyAt: NOW + 60_000 });
  expect(barMovesInMs([slow, running()], NOW)).toBe(2000);
});

function running(live: Partial<Omit<LiveTask, 'row'>> = {}): LiveTask {
  return liveTask({ submittedAt: NOW }, { readyAt: NOW + TAKES_MS, ...live }) as LiveTask;
}

function seenAt(task: LiveTask, ages: readonly number[]): number[] {
  return ages.map((age) => {
    moveBar(task, NOW + age);
    return barOf(task)?.percent ?? 0;
  });
}
