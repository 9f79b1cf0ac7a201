import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksOf } from '../../../src/services/polling/checks.ts';
import { distributionOf, hazardOf, quantile } from '../../../src/services/polling/distribution.ts';
import { learn } from '../../../src/services/polling/learn.ts';
import { LOGS, STEP, TIMES } from '../../../src/services/polling/time-grid.ts';

const NO_LIMITS = { pollMinMs: 1e-3, pollMaxMs: 1e9 };
const durations = fc.array(fc.integer({ min: 300, max: 4_000_000 }), { maxLength: 80 });

test('whatever was seen, what is believed is a distribution', () => {
  fc.assert(
    fc.property(durations, fc.option(fc.integer({ min: 500, max: 600_000 })), (seen, medianMs) => {
      fc.pre(seen.length > 0 || medianMs !== null);
      const { density, cdf, survival } = learn(seen, medianMs === null ? null : { medianMs });
      expect(density.reduce((sum, value) => sum + value, 0) * STEP).toBeCloseTo(1, 6);
      for (const [index, value] of density.entries()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect((cdf[index] ?? 0) + (survival[index] ?? 0)).toBeCloseTo(1, 6);
      }
    }),
    { numRuns: 200 },
  );
});

test('quantiles rise, and lie beyond the age', () => {
  fc.assert(
    fc.property(durations, fc.integer({ min: 0, max: 600_000 }), (seen, ageMs) => {
      const distribution = learn(seen, { medianMs: 20_000 });
      const [early, middle, late] = [0.1, 0.5, 0.9].map((share) => quantile(distribution, share, ageMs));
      expect(early).toBeGreaterThanOrEqual(ageMs * 0.99);
      expect(middle).toBeGreaterThanOrEqual(early as number);
      expect(late).toBeGreaterThanOrEqual(middle as number);
    }),
    { numRuns: 200 },
  );
});

test('without memory (an exponential distribution) checks come at one interval: √(2 × cost × mean)', () => {
  const meanMs = 40_000;
  const exponential = distributionOf(TIMES.map((ms) => (ms / meanMs) * Math.exp(-ms / meanMs)));
  const hazard = hazardOf(exponential)[LOGS.findIndex((log) => Math.exp(log) > meanMs)] ?? 0;
  expect(hazard * meanMs).toBeCloseTo(1, 1);
  const checks = checksOf(exponential, 200, NO_LIMITS);
  const at = (ms: number) => checks[TIMES.findIndex((time) => time >= ms)] ?? 0;
  const interval = (60_000 - 20_000) / (at(60_000) - at(20_000));
  expect(interval / Math.sqrt(2 * 200 * meanMs)).toBeCloseTo(1, 1);
});

test('a query that costs four times as much is sent half as often', () => {
  const distribution = learn([], { medianMs: 20_000 });
  const cheap = checksOf(distribution, 100, NO_LIMITS).at(-1) ?? 0;
  const dear = checksOf(distribution, 400, NO_LIMITS).at(-1) ?? 0;
  expect(cheap / dear).toBeCloseTo(2);
});
