import { expect, test } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';

test('the clock runs on real time plus what it was advanced by', () => {
  const clock = createClock();
  const before = Date.now();
  clock.advance(60_000);
  clock.advance(1000);
  const advancedMs = clock.now() - before;
  expect(advancedMs).toBeGreaterThanOrEqual(61_000);
  expect(advancedMs).toBeLessThan(66_000);
});
