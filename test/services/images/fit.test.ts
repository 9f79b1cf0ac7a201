import fc from 'fast-check';
import sharp, { type WebpOptions } from 'sharp';
import { expect, test } from 'vitest';
import { CannotFitError, fitToLimit } from '../../../src/services/images/fit.ts';
import { inspectImage } from '../../../src/services/images/inspect.ts';
import { noise, twoHalves } from '../../support/pictures.ts';

const picture = await noise(256, 128).blur(1).png().toBuffer();
const webpSize = async (options: WebpOptions) => (await sharp(picture).webp(options).toBuffer()).length;

test('what fits stays the same bytes', async () => {
  const fitted = await fitToLimit(picture, picture.length);
  expect(fitted.bytes).toBe(picture);
  expect(fitted).toMatchObject({ change: null, info: { format: 'png', width: 256, height: 128 } });
});

test('what is a little too big becomes lossless WebP, pixel for pixel the same', async () => {
  const fitted = await fitToLimit(picture, picture.length - 1);
  expect(fitted).toMatchObject({ change: { kind: 'lossless-webp' }, info: { format: 'webp', width: 256 } });
  expect(await sharp(fitted.bytes).raw().toBuffer()).toEqual(await sharp(picture).raw().toBuffer());
});

test.each([95, 90, 80, 70])('the best quality that fits is taken: %d', async (quality) => {
  const limit = await webpSize({ quality });
  expect(limit).toBeLessThan(await webpSize({ lossless: true }));
  const { bytes, change, info } = await fitToLimit(picture, limit);
  expect(change).toEqual({ kind: 'webp-quality', quality });
  expect(info).toMatchObject({ width: 256, height: 128 });
  expect(bytes.length).toBe(limit);
});

test('what has no background has none in whatever it becomes', async () => {
  const sticker = await noise(256, 128).ensureAlpha(0.5).png().toBuffer();
  for (const limit of [sticker.length - 1, 6000, 500]) {
    const { bytes, change } = await fitToLimit(sticker, limit);
    expect(change).not.toBeNull();
    expect((await sharp(bytes).stats()).isOpaque).toBe(false);
  }
});

test('a JPEG is not made lossless, which would only make it bigger', async () => {
  const jpeg = await noise(256, 128).jpeg({ quality: 95 }).toBuffer();
  const { change } = await fitToLimit(jpeg, jpeg.length - 1);
  expect(change).toMatchObject({ kind: 'webp-quality' });
});

test('lossless WebP, which takes seconds, is not tried on what is over twice the limit', async () => {
  const stored = await twoHalves(64, 64).png({ compressionLevel: 0 }).toBuffer();
  const half = Math.ceil(stored.length / 2);
  expect((await fitToLimit(stored, half)).change).toEqual({ kind: 'lossless-webp' });
  expect((await fitToLimit(stored, half - 1)).change).toEqual({ kind: 'webp-quality', quality: 95 });
});

test('pixels go last', async () => {
  const limit = (await webpSize({ quality: 70 })) - 1;
  const { bytes, change, info } = await fitToLimit(picture, limit);
  expect(change).toEqual({ kind: 'smaller', width: info.width, height: info.height });
  expect(info.width).toBeLessThan(256);
  expect(Math.abs(info.width / info.height - 2)).toBeLessThan(0.1);
  expect(bytes.length).toBeLessThanOrEqual(limit);
});

test('no more pixels go than the limit asks for', async () => {
  const limit = Math.floor((await webpSize({ quality: 80 })) / 4);
  const { bytes, info } = await fitToLimit(picture, limit);
  expect(info.width).toBeLessThanOrEqual(128);
  expect(bytes.length).toBeGreaterThan(limit * 0.75);
});

test('a picture longer than WebP allows is made smaller at once', async () => {
  const strip = await sharp({ create: { width: 17_000, height: 4, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  const { change } = await fitToLimit(strip, strip.length - 1);
  expect(change).toMatchObject({ kind: 'smaller', width: 16_383 });
});

test('under a limit no picture fits, it says so', async () => {
  await expect(fitToLimit(picture, 20)).rejects.toBeInstanceOf(CannotFitError);
});

test('a broken picture is refused even where it would fit', async () => {
  const half = picture.subarray(0, picture.length / 2);
  await expect(fitToLimit(half, picture.length)).rejects.toMatchObject({ kind: 'broken' });
});

test('whatever the limit, the result is an image within it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1_000, max: picture.length + 1_000 }), async (limit) => {
      const { bytes, info } = await fitToLimit(picture, limit);
      expect(bytes.length).toBeLessThanOrEqual(limit);
      expect(await inspectImage(bytes)).toEqual(info);
    }),
    { numRuns: 15 },
  );
});
