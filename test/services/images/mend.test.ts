import sharp from 'sharp';
import { expect, test } from 'vitest';
import { inspectImage } from '../../../src/services/images/inspect.ts';
import { showable } from '../../../src/services/images/mend.ts';
import { noise } from '../../support/pictures.ts';

test('a PNG whose pixels are all there under a wrong sum is written anew, pixel for pixel', async () => {
  const sound = await noise(30, 20).png().toBuffer();
  const flawed = Buffer.from(sound);
  const sumOfPixels = flawed.length - 16; // before the 12 bytes of the end
  flawed.writeUInt8(flawed.readUInt8(sumOfPixels) ^ 1, sumOfPixels);
  await expect(inspectImage(flawed)).rejects.toMatchObject({ kind: 'broken' });
  const { bytes, info } = await showable(flawed, 'anna');
  expect(info).toMatchObject({ format: 'png', width: 30, height: 20 });
  expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(sound).raw().toBuffer());
});

test.each([0.5, 0.99])('%d of a PNG is broken all the same', async (share) => {
  const png = await noise(300, 200).png().toBuffer();
  const half = png.subarray(0, png.length * share);
  await expect(showable(half, 'anna')).rejects.toMatchObject({ kind: 'broken' });
});

test('a sound image stays as it came', async () => {
  const bytes = await noise(30, 20).jpeg().toBuffer();
  expect((await showable(bytes, 'anna')).bytes).toBe(bytes);
});
