import { expect, test } from 'vitest';
import { proposeLimits } from '../../../src/services/setup/limits.ts';

const COSTS = { 'gpt-image-2': 0.05, 'gpt-image-2/4k/high': 0.5, 'nano-banana': 2 };

test.each([
  [10_000, 500, 100, 'With 500 images a day, 10,000 coins last at least a month'],
  [300, 20, 4, 'With 20 images a day, 300 coins last at least a month'],
  [20.5, 4, 4, 'With 4 images a day, 20.5 coins last at least 10 days'],
  [3, 4, 4, 'With 4 images a day, 3 coins last at least a day'],
  [0.5, 4, 4, 'With 4 images a day, 0.5 coins last less than a day'],
])(
  '%d coins without prices are proposed as images that last, at the usual price',
  (coins, total, perPerson, why) => {
    expect(proposeLimits(coins, null)).toEqual({
      unit: 'images',
      total,
      perPerson,
      why: `${why}, if an image costs up to 0.5 coins.`,
    });
  },
);

test.each([
  [10_000, 200, 20, 'With 200 coins a day, 10,000 coins last at least a month.'],
  [30, 2, 2, 'With 2 coins a day, 30 coins last at least 15 days.'],
])(
  '%d coins with prices are proposed as coins that last, and pay for one image',
  (coins, total, perPerson, why) => {
    expect(proposeLimits(coins, COSTS)).toEqual({ unit: 'coins', total, perPerson, why });
  },
);

test.each([null, 0, -5])('where %s coins are known of, a cautious beginning is proposed', (coins) => {
  expect(proposeLimits(coins, null)).toMatchObject({ unit: 'images', total: 20, perPerson: 4 });
  expect(proposeLimits(coins, COSTS)).toMatchObject({ unit: 'coins', total: 40, perPerson: 5 });
});

test('every proposal is a limit that the bot takes', () => {
  for (const coins of [0.001, 1, 7, 99.5, 12_345.67, 1e9]) {
    for (const costs of [null, COSTS, { 'nano-banana': 0 }]) {
      const { total, perPerson } = proposeLimits(coins, costs);
      expect([total, perPerson].every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(true);
      expect(perPerson).toBeLessThanOrEqual(total);
    }
  }
});
