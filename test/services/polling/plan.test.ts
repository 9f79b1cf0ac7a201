import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planFor } from '../../../src/services/polling/plan.ts';
import type { Observation } from '../../../src/services/polling/progress.ts';

const limits = { pollMinMs: 1000, pollMaxMs: 60_000 };
const durationMs = fc.integer({ min: 300, max: 4_000_000 });
const observation = fc.record({ tookMs: durationMs, foretoldMs: fc.option(durationMs) });
const observations = fc.array(observation, { maxLength: 80 });
const prior = fc.option(fc.record({ medianMs: durationMs }));

test('whatever tasks took, the next query is never sooner than the smallest interval nor later than the largest', () => {
  fc.assert(
    fc.property(
      observations,
      prior,
      fc.nat(7_000_000),
      fc.option(durationMs),
      (seen, published, ageMs, foretoldMs) => {
        const next = planFor(seen, published, limits).nextCheckAt({ ageMs, foretoldMs });
        expect(next - ageMs).toBeGreaterThanOrEqual(limits.pollMinMs - 1e-6);
        expect(next - ageMs).toBeLessThanOrEqual(limits.pollMaxMs + 1e-6);
      },
    ),
    { numRuns: 300 },
  );
});

test('the same number for the smallest and the largest interval is a fixed interval', () => {
  fc.assert(
    fc.property(observations, prior, fc.nat(1_000_000), (seen, published, ageMs) => {
      const plan = planFor(seen, published, { pollMinMs: 3000, pollMaxMs: 3000 });
      expect(plan.nextCheckAt({ ageMs, foretoldMs: null }) - ageMs).toBeCloseTo(3000);
    }),
    { numRuns: 100 },
  );
});

test('where nothing is known at all, it asks every five seconds, and foretells nothing', () => {
  const plan = planFor([], null, limits);
  expect(queries(plan, 23_000)).toEqual([5000, 10_000, 15_000, 20_000, 25_000]);
  expect(plan.readyAt({ ageMs: 0, foretoldMs: null })).toBeNull();
});

test('where only a median is published, the first look comes within five seconds: it may be wrong', () => {
  fc.assert(
    fc.property(durationMs, (medianMs) => {
      const plan = planFor([], { medianMs }, limits);
      expect(plan.nextCheckAt({ ageMs: 0, foretoldMs: null })).toBeLessThanOrEqual(5000);
    }),
  );
});

test('a few odd observations of a kind with a published median leave no long gap', () => {
  const odd = Array.from({ length: 4 }, () => ({ tookMs: 800, foretoldMs: null }));
  const pauses = pausesOf(queries(planFor(odd, { medianMs: 8000 }, limits), 20_000));
  expect(Math.max(...pauses)).toBeLessThan(15_000);
});

test('a kind that always took a minute is left alone at first, and asked about often when it is due', () => {
  const pauses = pausesOf(queries(planFor(around(60_000), null, limits), 65_000));
  expect(Math.max(...pauses)).toBe(pauses[0]);
  expect(pauses[0]).toBeGreaterThan(25_000);
  expect(Math.min(...pauses)).toBeLessThan(2500);
});

test('between two lengths that a kind has, it asks seldom', () => {
  const both = around(10_000).flatMap((short, index) => [short, around(100_000)[index] as Observation]);
  const asked = queries(planFor(both, null, limits), 100_000);
  const rate = (from: number, to: number) => asked.filter((at) => at > from && at <= to).length / (to - from);
  expect(rate(20_000, 70_000)).toBeLessThan(rate(8_000, 13_000) / 4);
  expect(rate(20_000, 70_000)).toBeLessThan(rate(90_000, 100_000) / 4);
});

test('a task that never ends is asked about ever more seldom', () => {
  const pauses = pausesOf(queries(planFor(around(10_000), null, limits), 1_800_000));
  expect(pauses.at(-1)).toBeGreaterThan(15_000);
  expect(pauses.length).toBeLessThan(200);
});

test('what changed lately counts more than what was long ago', () => {
  const slower = [...around(10_000), ...around(30_000)];
  const readyAt = planFor(slower, null, limits).readyAt({ ageMs: 0, foretoldMs: null });
  expect(readyAt).toBeGreaterThan(26_000);
});

test('the estimate is the middle of what is left, never in the past, and none once a task is late', () => {
  const plan = planFor(around(20_000), null, limits);
  const readyAt = (ageMs: number) => plan.readyAt({ ageMs, foretoldMs: null });
  expect(readyAt(0)).toBeGreaterThan(18_000);
  expect(readyAt(0)).toBeLessThan(22_000);
  expect(readyAt(20_000)).toBeGreaterThan(20_000);
  expect(readyAt(60_000)).toBeNull();
  expect(plan.readyAt({ ageMs: 0, foretoldMs: null }, 0.95)).toBeGreaterThan(readyAt(0) ?? 0);
});

/** Twenty tasks that took about this long. */
function around(ms: number): Observation[] {
  return Array.from({ length: 20 }, (_, index) => ({
    tookMs: ms * (0.9 + (0.2 * ((index * 7) % 20)) / 19),
    foretoldMs: null,
  }));
}

/** When a task of this length is asked about, the last time when it is over. */
function queries(plan: ReturnType<typeof planFor>, tookMs: number): number[] {
  const asked: number[] = [];
  for (let ageMs = 0; ageMs < tookMs; asked.push(ageMs))
    ageMs = plan.nextCheckAt({ ageMs, foretoldMs: null });
  return asked;
}

function pausesOf(asked: readonly number[]): number[] {
  return asked.map((at, index) => at - (asked[index - 1] ?? 0));
}
