import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/services/config.ts';
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
    expect(proposeLimits(coins, null, 'images')).toEqual({
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
    expect(proposeLimits(coins, COSTS, 'coins')).toEqual({ unit: 'coins', total, perPerson, why });
  },
);

test('small prices make small limits', () => {
  const costs = { 'gpt-image-2': 0.05, 'gpt-image-2/4k/high': 0.36 };
  expect(proposeLimits(12, costs, 'coins')).toMatchObject({ total: 0.4, perPerson: 0.4 });
  expect(proposeLimits(120, costs, 'coins')).toMatchObject({ total: 2, perPerson: 0.4 });
  expect(proposeLimits(null, null, 'coins')).toMatchObject({ total: 10, perPerson: 2 });
});

test.each([null, 0, -5])('where %s coins are known of, a cautious beginning is proposed', (coins) => {
  expect(proposeLimits(coins, null, 'images')).toMatchObject({ unit: 'images', total: 20, perPerson: 4 });
  expect(proposeLimits(coins, COSTS, 'coins')).toMatchObject({ unit: 'coins', total: 40, perPerson: 5 });
});

test('every proposal is a limit that the bot takes', () => {
  for (const coins of [0.001, 1, 7, 99.5, 12_345.67, 1e9]) {
    for (const costs of [null, COSTS, { 'nano-banana': 0 }, { 'nano-banana': 0.036 }]) {
      for (const unit of ['images', 'coins'] as const) {
        const { total, perPerson } = proposeLimits(coins, costs, unit);
        const limits = { TOTAL_PER_DAY: String(total), USER_PER_DAY: String(perPerson), LIMIT_UNIT: unit };
        const { overall, person } = loadConfig({
          DISCORD_TOKEN: 't',
          JIMMYAI_API_KEY: 'k',
          ...limits,
        }).limits;
        expect([overall.perDay, person.perDay]).toEqual([total, perPerson]);
        expect(perPerson).toBeLessThanOrEqual(total);
      }
    }
  }
});
