import { expect, test } from 'vitest';
import { kindOf, type Priced, priceIn } from '../../../src/services/request/billing.ts';

const gpt = { model: 'gpt-image-2', resolution: '4k', quality: 'high' } as const;
const nano = { model: 'nano-banana', resolution: '2k', quality: 'high' } as const;
/** A model by its billing alone, whatever the bot's table knows of it. */
const priced = (model: string, resolution: string, quality: string | null = null) =>
  ({ model, resolution, quality }) as Priced;

test('of those that the catalog has, the most specific is the price', () => {
  const catalog = new Map([
    ['gpt-image-2', 0.06],
    ['gpt-image-2-high', 0.36],
    ['nano-banana', 0.04],
    ['nano-banana-2', 0.9],
    ['gpt-image-2.5-flare', 0.1],
    ['gpt-image-2.5-flare-async', 0.08],
  ]);
  expect(priceIn(catalog, gpt, 0)).toBe(0.36);
  expect(priceIn(catalog, { ...gpt, quality: 'medium' }, 3)).toBe(0.06);
  expect(priceIn(catalog, nano, 2)).toBe(0.04);
  expect(priceIn(catalog, priced('gpt-image-2.5-flare', '2k'), 2)).toBe(0.08);
  expect(priceIn(catalog, priced('nano-banana-pro', '1k'), 0)).toBeNull();
  expect(priceIn(new Map(), gpt, 0)).toBeNull();
});

test('references cost besides where the service charges for them, by the names that it has for them', () => {
  const catalog = new Map([
    ['doubao-seedream-5-0-pro-2k', 0.72],
    ['doubao-seedream-5-0-pro-ref', 0.024],
    ['grok-imagine-image-2', 0.01],
    ['grok-imagine-image-2-2k', 0.1],
  ]);
  const seedream = priced('doubao-seedream-5-0-pro', '2k');
  // The example of the service's own page.
  expect(priceIn(catalog, seedream, 3)).toBeCloseTo(0.768, 9);
  expect(priceIn(catalog, seedream, 1)).toBe(0.72);
  const grok = priced('grok-imagine-image-2', '2k');
  expect(priceIn(catalog, grok, 2)).toBeCloseTo(0.12, 9);
  expect(priceIn(catalog, grok, 0)).toBe(0.1);
  catalog.delete('doubao-seedream-5-0-pro-ref');
  expect(priceIn(catalog, seedream, 3)).toBeNull();
  expect(priceIn(catalog, seedream, 1)).toBe(0.72);
});

test('what costs the same is of one kind: references count only where they are billed', () => {
  expect(kindOf(gpt, 2)).toBe('gpt-image-2/4k/high');
  expect(kindOf({ ...gpt, quality: null }, 0)).toBe('gpt-image-2/4k/low');
  expect(kindOf(nano, 0)).toBe('nano-banana/2k');
  const seedream = priced('doubao-seedream-5-0-pro', '2k');
  expect(kindOf(seedream, 1)).toBe(kindOf(seedream, 0));
  expect(kindOf(seedream, 3)).toBe(`${kindOf(seedream, 0)}+2`);
});
