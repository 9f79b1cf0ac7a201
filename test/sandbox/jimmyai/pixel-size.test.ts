import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RATIOS, RESOLUTIONS } from '../../../sandbox/jimmyai/models.ts';
import { aspectOf, pixelSize } from '../../../sandbox/jimmyai/pixel-size.ts';

const ratios = fc.constantFrom(...RATIOS);
const aspects = fc.oneof(
  ratios.map((ratio) => aspectOf(ratio)),
  fc.double({ min: 1 / 3, max: 3, noNaN: true }),
);

test('every result has its ratio within 1 %', () => {
  fc.assert(
    fc.property(aspects, fc.constantFrom(...RESOLUTIONS), (aspect, resolution) => {
      const { width, height } = pixelSize(aspect, resolution);
      expect(Math.abs(width / height / aspect - 1)).toBeLessThan(0.01);
    }),
  );
});

test('every 4k result has more than 8 megapixels, more than 2k of the same shape, more than 1k', () => {
  fc.assert(
    fc.property(aspects, (aspect) => {
      const [one, two, four] = RESOLUTIONS.map((resolution) => {
        const { width, height } = pixelSize(aspect, resolution);
        return width * height;
      }) as [number, number, number];
      expect(four).toBeGreaterThan(8_000_000);
      expect(four).toBeGreaterThan(two);
      expect(two).toBeGreaterThan(one);
    }),
  );
});

test('portrait is landscape turned', () => {
  fc.assert(
    fc.property(aspects, fc.constantFrom(...RESOLUTIONS), (aspect, resolution) => {
      const { width, height } = pixelSize(aspect, resolution);
      expect(pixelSize(1 / aspect, resolution)).toEqual({ width: height, height: width });
    }),
  );
});

test.each([
  ['1:1', '1k', 1024, 1024],
  ['1:1', '2k', 2048, 2048],
  ['1:1', '4k', 4096, 4096],
  ['16:9', '4k', 3840, 2160],
  ['9:16', '4k', 2160, 3840],
] as const)('%s at %s is %i × %i', (ratio, resolution, width, height) => {
  expect(pixelSize(aspectOf(ratio), resolution)).toEqual({ width, height });
});

test('auto follows the first reference, as far as the models go, and is square without one', () => {
  expect(aspectOf('auto')).toBe(1);
  expect(aspectOf('auto', { width: 600, height: 400 })).toBe(1.5);
  expect(aspectOf('auto', { width: 5000, height: 10 })).toBe(3);
  expect(aspectOf('16:9', { width: 600, height: 400 })).toBe(16 / 9);
});
