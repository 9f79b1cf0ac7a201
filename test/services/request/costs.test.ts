import { expect, test } from 'vitest';
import { costOf } from '../../../src/services/request/costs.ts';

const nano = { model: 'nano-banana', resolution: '1k', quality: null } as const;
const gpt = { model: 'gpt-image-2', resolution: '4k', quality: 'high' } as const;
const table = {
  'gpt-image-2': 5,
  'gpt-image-2/4k': 20,
  'gpt-image-2/4k/high': 60,
  'gpt-image-2/1k/low': 1,
  'nano-banana': 2,
};

test('without a table every image counts as one', () => {
  expect(costOf(gpt, null)).toBe(1);
  expect(costOf(nano, null)).toBe(1);
});

test('the most specific price counts', () => {
  expect(costOf(gpt, table)).toBe(60);
  expect(costOf({ ...gpt, quality: 'low' }, table)).toBe(20);
  expect(costOf({ ...gpt, resolution: '2k' }, table)).toBe(5);
  expect(costOf(nano, table)).toBe(2);
});

test('where no quality was asked for, the one that is sent counts', () => {
  expect(costOf({ ...gpt, resolution: '1k', quality: null }, table)).toBe(1);
});

test('a quality that the model has not, and that is not sent, counts nothing', () => {
  expect(costOf({ ...nano, quality: 'high' }, { ...table, 'nano-banana/1k': 3 })).toBe(3);
});
