import { expect, test } from 'vitest';
import { unseenFor } from '../../../src/services/generations/report.ts';

const NOW = 100_000;

test.each([
  ['since the service says it was ready', 98_500, 95_000, 1_500],
  ['since the last look, where the service does not say', null, 95_000, 5_000],
  ['no longer than since the last look, where the service’s clock is behind', 50_000, 95_000, 5_000],
  ['not less than no time at all, where the service’s clock is ahead', 200_000, 95_000, 0],
])('an image is unseen %s', (_, completedAt, lookedAt, unseen) => {
  expect(unseenFor(completedAt, lookedAt, NOW)).toBe(unseen);
});
