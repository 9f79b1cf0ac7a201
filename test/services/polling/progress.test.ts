import { expect, test } from 'vitest';
import { quantile } from '../../../src/services/polling/distribution.ts';
import { learn } from '../../../src/services/polling/learn.ts';
import { foretell, posterior, trustIn } from '../../../src/services/polling/progress.ts';

const tookMs = [8000, 12_000, 20_000, 9000, 30_000, 15_000, 11_000, 24_000, 18_000, 13_000];
const honest = tookMs.map((ms, index) => ({ tookMs: ms, foretoldMs: ms * (index % 2 === 0 ? 0.95 : 1.05) }));

test('progress that came true counts', () => {
  const trust = trustIn(honest);
  expect(trust?.bias).toBeCloseTo(0, 1);
  const distribution = learn(tookMs, null);
  const after = trust && posterior(distribution, 40_000, trust);
  expect(after && quantile(after, 0.5)).toBeGreaterThan(35_000);
  expect(quantile(distribution, 0.5)).toBeLessThan(20_000);
});

test('progress that always says half as much as it takes counts for twice as much', () => {
  const trust = trustIn(tookMs.map((ms) => ({ tookMs: ms, foretoldMs: ms / 2 })));
  const after = trust && posterior(learn(tookMs, null), 10_000, trust);
  expect(after && quantile(after, 0.5)).toBeGreaterThan(17_000);
});

test('progress that says nothing about the end is not used', () => {
  // A bar that stands at 50 % when it is first looked at, after five seconds.
  expect(trustIn(tookMs.map((ms) => ({ tookMs: ms, foretoldMs: 10_000 })))).toBeNull();
  expect(trustIn(tookMs.map((ms) => ({ tookMs: ms, foretoldMs: null })))).toBeNull();
});

test('a few tasks prove nothing', () => {
  expect(trustIn(honest.slice(0, 7))).toBeNull();
});

test('a report foretells by its pace, but not at the ends of the bar', () => {
  expect(foretell(40, 6000)).toBe(15_000);
  expect(foretell(5, 6000)).toBeNull();
  expect(foretell(99, 6000)).toBeNull();
  expect(foretell(50, 0)).toBeNull();
});
