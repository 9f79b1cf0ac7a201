import { expect, test } from 'vitest';
import { hasTooManyParts } from '../../../src/services/images/parts.ts';
import { gifOfFrames } from '../../support/hostile-images/containers.ts';
import { fileOf, noise } from '../../support/pictures.ts';

test('a GIF of 10,000 frames has not too many parts, one of 200,000 has', () => {
  expect(hasTooManyParts(gifOfFrames(10_000), 'gif')).toBe(false);
  expect(hasTooManyParts(gifOfFrames(200_000), 'gif')).toBe(true);
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a large %s has not too many parts',
  async (format) => {
    expect(hasTooManyParts(await fileOf(noise(600, 400), format), format)).toBe(false);
  },
);
