import sharp from 'sharp';
import { expect, test } from 'vitest';
import { prepareReference } from '../../../src/services/images/reference.ts';
import { noise, pixelAt, twoHalves } from '../../support/pictures.ts';

test('a phone photo comes out upright, and without where and when it was taken', async () => {
  const photo = await twoHalves(80, 40)
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'PhoneMaker' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>')
    .jpeg()
    .toBuffer();
  const before = await sharp(photo).metadata();
  expect(before).toMatchObject({ orientation: 6, exif: expect.any(Buffer), xmp: expect.any(Buffer) });

  const { bytes, info } = await prepareReference(photo);
  expect(info).toEqual({ format: 'jpeg', mimeType: 'image/jpeg', extension: 'jpg', width: 40, height: 80 });
  const after = await sharp(bytes).metadata();
  for (const field of ['exif', 'xmp', 'iptc', 'icc', 'orientation', 'comments'] as const) {
    expect(after[field]).toBeUndefined();
  }
  expect(bytes.includes('PhoneMaker')).toBe(false);
  // Turned clockwise, left is on top: red above blue.
  const [top, bottom] = [await pixelAt(bytes, 20, 5), await pixelAt(bytes, 20, 75)];
  expect(top[0]).toBeGreaterThan(200);
  expect(bottom[2]).toBeGreaterThan(200);
});

test('a colour profile is converted to sRGB, not just dropped', async () => {
  const red = sharp({ create: { width: 10, height: 10, channels: 3, background: '#c06040' } });
  const displayP3 = await red.withIccProfile('p3').png().toBuffer();
  const unmanaged = await sharp(displayP3, { ignoreIcc: true }).raw().toBuffer();
  expect([...unmanaged.subarray(0, 3)]).not.toEqual([0xc0, 0x60, 0x40]);
  const { bytes } = await prepareReference(displayP3);
  expect((await sharp(bytes).metadata()).icc).toBeUndefined();
  const pixel = await pixelAt(bytes, 5, 5);
  for (const [channel, value] of [0xc0, 0x60, 0x40].entries()) {
    expect(Math.abs((pixel[channel] ?? 0) - value)).toBeLessThanOrEqual(3);
  }
});

test('a print file in CMYK becomes sRGB', async () => {
  const cmyk = await noise(30, 20).toColourspace('cmyk').jpeg().toBuffer();
  expect(await sharp(cmyk).metadata()).toMatchObject({ space: 'cmyk' });
  const { bytes } = await prepareReference(cmyk);
  expect(await sharp(bytes).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
});

test('the long side shrinks to 2048 pixels, in proportion', async () => {
  const { info } = await prepareReference(await noise(3000, 1500).jpeg().toBuffer());
  expect(info).toMatchObject({ width: 2048, height: 1024 });
});

test('a small picture is not enlarged', async () => {
  const { info } = await prepareReference(await noise(30, 20).png().toBuffer());
  expect(info).toMatchObject({ width: 30, height: 20 });
});

test('transparency is kept', async () => {
  const clear = sharp({ create: { width: 10, height: 10, channels: 4, background: '#ff000000' } });
  const { bytes, info } = await prepareReference(await clear.png().toBuffer());
  expect(info.mimeType).toBe('image/webp');
  expect((await pixelAt(bytes, 5, 5))[3]).toBe(0);
});

test.each(['gif', 'webp'] as const)('of an animated %s the first frame is taken', async (format) => {
  const frame = (background: string) => ({
    create: { width: 16, height: 16, channels: 3 as const, background },
  });
  const frames = await Promise.all(
    ['#ff0000', '#0000ff'].map((colour) => sharp(frame(colour)).png().toBuffer()),
  );
  const animation = await sharp(frames, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
  expect((await sharp(animation).metadata()).pages).toBe(2);
  const { bytes, info } = await prepareReference(animation);
  expect(info).toMatchObject({ width: 16, height: 16 });
  expect((await pixelAt(bytes, 8, 8))[0]).toBeGreaterThan(200);
});

test('half a picture is refused, not finished in grey', async () => {
  const bytes = await noise(300, 200).jpeg().toBuffer();
  await expect(prepareReference(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({
    kind: 'broken',
  });
});

test('text called .png is refused', async () => {
  await expect(prepareReference(Buffer.from('hello'))).rejects.toMatchObject({ kind: 'unknown-format' });
});
