import { describe, expect, test } from 'vitest';
import { sizeOf } from '../../../src/services/openai/sizes.ts';
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
  expect(sizeOf({ model, ratio, resolution })).toBe(size);
});

test('a shape that nobody asked for is left to the model, but not the pixels', () => {
  expect(sizeOf({ model: 'gpt-image-2', ratio: 'auto', resolution: '1k' })).toBeNull();
  expect(sizeOf({ model: 'gpt-image-2', ratio: 'auto', resolution: '2k' })).toBe('2048x2048');
});

describe.each(SHAPES)('$ratio at $resolution', (shape) => {
  test('is within what gpt-image-2 takes', () => {
    const size = pixelsOf(sizeOf({ model: 'gpt-image-2', ...shape }));
    if (size === null) return;
    const [width, height] = size;
    expect([width % 16, height % 16]).toEqual([0, 0]);
    expect(Math.max(width, height)).toBeLessThanOrEqual(3840);
    expect(width * height).toBeGreaterThanOrEqual(655_360);
    expect(width * height).toBeLessThanOrEqual(8_294_400);
    expect(Math.max(width / height, height / width)).toBeLessThanOrEqual(3);
  });

  test.each(['gpt-image-2', 'flux-dev'])('has about the shape that was asked for, of %s', (model) => {
    const size = pixelsOf(sizeOf({ model, ...shape }));
    if (size === null || shape.ratio === 'auto') return;
    const [width, height] = size;
    expect(Math.abs(Math.log(width / height / aspectOf(shape.ratio)))).toBeLessThan(0.08);
  });
});

function pixelsOf(size: string | null): [number, number] | null {
  return size === null ? null : (size.split('x').map(Number) as [number, number]);
}

function aspectOf(ratio: Ratio): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
