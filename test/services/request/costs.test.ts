import { expect, test } from 'vitest';
import { chargeFor, costIn, unusedNames } from '../../../src/services/request/costs.ts';
import { MODEL_IDS } from '../../../src/services/request/models.ts';

const nano = { model: 'nano-banana', resolution: '1k', quality: null } as const;
const gpt = { model: 'gpt-image-2', resolution: '4k', quality: 'high' } as const;
const table = {
  'gpt-image-2': 0.05,
  'gpt-image-2/4k': 0.2,
  'gpt-image-2/4k/high': 0.6,
  'gpt-image-2/1k/low': 0.01,
  'nano-banana': 0.02,
};

test('the most specific price counts', () => {
  expect(costIn(table, gpt)).toBe(0.6);
  expect(costIn(table, { ...gpt, quality: 'low' })).toBe(0.2);
  expect(costIn(table, { ...gpt, resolution: '2k' })).toBe(0.05);
  expect(costIn(table, nano)).toBe(0.02);
});

test('what has no price in the table has none by it', () => {
  expect(costIn(table, { ...nano, model: 'nano-banana-pro' })).toBeNull();
  expect(costIn({}, gpt)).toBeNull();
});

test('names that no request can have are found: a model that is gone, a resolution or quality that the model has not', () => {
  const gone = { 'gpt-image-1': 0.04, 'gpt-image-2/8k': 1, 'nano-banana-pro/1k/high': 2, 'GPT-Image-2': 1 };
  expect(unusedNames({ ...table, ...gone }, MODEL_IDS)).toEqual(Object.keys(gone));
});

test('where no quality was asked for, the one that is sent counts', () => {
  expect(costIn(table, { ...gpt, resolution: '1k', quality: null })).toBe(0.01);
});

test('a quality that the model has not, and that is not sent, counts nothing', () => {
  expect(costIn({ ...table, 'nano-banana/1k': 0.03 }, { ...nano, quality: 'high' })).toBe(0.03);
});

test('an image without a known price is charged as a dear one where coins are limited, and with nothing where images are', () => {
  expect(chargeFor(null, 'coins')).toBe(0.5);
  expect(chargeFor(null, 'images')).toBe(0);
  expect(chargeFor(0.36, 'images')).toBe(0.36);
  expect(chargeFor(0, 'coins')).toBe(0);
});
