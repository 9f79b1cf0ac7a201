import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { isOpaque, prepareMask } from '../../../src/services/images/mask.ts';
import { prepareReference } from '../../../src/services/images/reference.ts';
import { fileOf, noise, pixelAt } from '../../support/pictures.ts';

test('of a mask nothing leaves the house but its alpha', async () => {
  const { bytes, info } = await prepareMask(await withHole(noise(400, 300), 400, 300));
  expect(info).toMatchObject({ format: 'png', width: 400, height: 300 });
  expect(await pixelAt(bytes, 10, 10)).toEqual([0, 0, 0, 255]);
  expect(await pixelAt(bytes, 200, 150)).toEqual([0, 0, 0, 0]);
  expect((await sharp(bytes).metadata()).exif).toBeUndefined();
});

test.each([
  [3000, 2000],
  [2999, 1777],
  [64, 48],
])('a mask of %s × %s pixels stays as large as a reference of that size', async (width, height) => {
  const reference = await prepareReference(await fileOf(grey(width, height), 'jpeg'));
  const mask = await prepareMask(await withHole(grey(width, height), width, height));
  expect([mask.info.width, mask.info.height]).toEqual([reference.info.width, reference.info.height]);
});

test('what has no transparent part is opaque, whatever its format', async () => {
  expect(await isOpaque((await prepareMask(await withHole(noise(40, 30), 40, 30))).bytes)).toBe(false);
  expect(await isOpaque((await prepareMask(await noise(40, 30).jpeg().toBuffer())).bytes)).toBe(true);
  const full = await noise(40, 30).ensureAlpha().png().toBuffer();
  expect(await isOpaque((await prepareMask(full)).bytes)).toBe(true);
});

/** A picture that is transparent in its middle. */
function withHole(picture: Sharp, width: number, height: number): Promise<Buffer> {
  const hole = {
    create: {
      width: Math.floor(width / 2),
      height: Math.floor(height / 2),
      channels: 4 as const,
      background: '#000',
    },
  };
  return fileOf(picture.ensureAlpha().composite([{ input: hole, blend: 'dest-out' }]), 'png');
}

/** Nothing but its size matters. */
function grey(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#888' } });
}
