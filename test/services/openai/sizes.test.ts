import { describe, expect, test } from 'vitest';
import { isNear, sizeOf, sizesIn } from '../../../src/services/openai/sizes.ts';
import { RATIOS, type Ratio, RESOLUTIONS } from '../../../src/services/request/models.ts';

const SHAPES = RATIOS.flatMap((ratio) => RESOLUTIONS.map((resolution) => ({ ratio, resolution })));

test.each([
  ['gpt-image-2', '1:1', '1k', '1024x1024'],
  ['gpt-image-2', '16:9', '4k', '3840x2160'],
  ['gpt-image-2', '9:16', '4k', '2160x3840'],
  ['gpt-image-2', '1:1', '2k', '2048x2048'],
  ['openai/gpt-image-2-2026-04-21', '16:9', '4k', '3840x2160'],
  ['gpt-image-1.5', '3:2', '1k', '1536x1024'],
  ['gpt-image-1-mini', '2:3', '1k', '1024x1536'],
  ['dall-e-3', '16:9', '1k', '1792x1024'],
  ['dall-e-2', '16:9', '1k', '1024x1024'],
  ['flux-dev', '1:1', '1k', '1024x1024'],
  ['flux-dev', '3:2', '1k', '1216x832'],
] as const)('%s makes %s at %s as %s', (model, ratio, resolution, size) => {
  expect(textOf(sizeOf({ model, ratio, resolution }))).toBe(size);
});

test('a shape that nobody asked for is left to the model, but not the pixels', () => {
  expect(sizeOf({ model: 'gpt-image-2', ratio: 'auto', resolution: '1k' })).toBeNull();
  expect(textOf(sizeOf({ model: 'gpt-image-2', ratio: 'auto', resolution: '2k' }))).toBe('2048x2048');
});

describe.each(SHAPES)('$ratio at $resolution', (shape) => {
  test('is within what gpt-image-2 takes', () => {
    const size = sizeOf({ model: 'gpt-image-2', ...shape });
    if (size === null) return;
    const { width, height } = size;
    expect([width % 16, height % 16]).toEqual([0, 0]);
    expect(Math.max(width, height)).toBeLessThanOrEqual(3840);
    expect(width * height).toBeGreaterThanOrEqual(655_360);
    expect(width * height).toBeLessThanOrEqual(8_294_400);
    expect(Math.max(width / height, height / width)).toBeLessThanOrEqual(3);
  });

  test.each(['gpt-image-2', 'flux-dev'])('has about the shape that was asked for, of %s', (model) => {
    const size = sizeOf({ model, ...shape });
    if (size === null || shape.ratio === 'auto') return;
    const { width, height } = size;
    expect(Math.abs(Math.log(width / height / aspectOf(shape.ratio)))).toBeLessThan(0.08);
  });
});

describe('the sizes in a refusal', () => {
  const refused = { width: 1344, height: 768 };

  test.each([
    [
      "Invalid value: '1344x768'. Supported values are: '1024x1024', '1024x1536', and 'auto'.",
      '1024x1024 1024x1536',
    ],
    ['Size must be one of 512×512, 1024×1024', '512x512 1024x1024'],
    ["Input should be '256x256' or '1024*1024'", '256x256 1024x1024'],
    // The words were cut in the middle of a size.
    ['allowed sizes: 1024x1024, 1536x102…', '1024x1024'],
  ])('are those that the model has: %s', (words, sizes) => {
    expect(sizesIn(words, refused).map(textOf).join(' ')).toBe(sizes);
  });

  test.each([
    'size must be between 256x256 and 1440x1440',
    'The supported maximum is 1024x1024',
    'No image of 1024x1024 today',
    'Supported sizes: see the documentation (1344x768 is not)',
  ])('are none where they are limits, or no list: %s', (words) => {
    expect(sizesIn(words, refused)).toEqual([]);
  });
});

test('of listed sizes the nearest in shape is taken, then in pixels, and none that is far from what was asked for', () => {
  const listed = [256, 1024, 2048].map((side) => ({ width: side, height: side }));
  const wide = [...listed, { width: 1792, height: 1024 }];
  const size = (ratio: Ratio, only: typeof listed) =>
    textOf(sizeOf({ model: 'flux-dev', ratio, resolution: '1k' }, only));
  expect(size('1:1', listed)).toBe('1024x1024');
  expect(size('16:9', wide)).toBe('1792x1024');
  expect(size('16:9', listed)).toBe('1344x768');
  expect(isNear({ width: 1536, height: 1024 }, { width: 2100, height: 900 })).toBe(true);
});

function textOf(size: { width: number; height: number } | null): string | null {
  return size && `${size.width}x${size.height}`;
}

function aspectOf(ratio: Ratio): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
