import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { inspectImage } from '../../../src/services/images/inspect.ts';
import { partOf, showable } from '../../../src/services/images/mend.ts';
import { fileOf, noise } from '../../support/pictures.ts';

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

test('half a JPEG is broken also while many others are decoded', async () => {
  const jpeg = await noise(300, 300).jpeg().toBuffer();
  const half = jpeg.subarray(0, jpeg.length / 2);
  const looks = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => inspectImage(half, `person ${index}`)),
  );
  expect(looks.filter(({ status }) => status === 'fulfilled')).toEqual([]);
});

test('a sound image stays as it came', async () => {
  const bytes = await noise(30, 20).jpeg().toBuffer();
  expect((await showable(bytes, 'anna')).bytes).toBe(bytes);
});

describe('what only some decoders forgive', () => {
  const flaws: [string, (sound: { png: Buffer; jpeg: Buffer; gif: Buffer }) => Buffer][] = [
    ['a PNG without its end', ({ png }) => png.subarray(0, -12)],
    ['a PNG whose end is cut off', ({ png }) => png.subarray(0, -5)],
    ['a PNG whose end has a wrong sum', ({ png }) => flipped(png, png.length - 1)],
    ['a PNG with a wrong sum in a text', ({ png }) => withText(png)],
    ['a PNG with a wrong sum in a text, and without its end', ({ png }) => withText(png).subarray(0, -12)],
    ['a JPEG without its last two bytes', ({ jpeg }) => jpeg.subarray(0, -2)],
    ['a JPEG without its last byte', ({ jpeg }) => jpeg.subarray(0, -1)],
    ['a GIF without its last byte', ({ gif }) => gif.subarray(0, -1)],
  ];

  test.each(flaws)('is set right without touching a pixel: %s', async (_, spoil) => {
    const picture = noise(60, 40);
    const [png, jpeg, gif] = await Promise.all([
      picture.clone().png().toBuffer(),
      picture.clone().jpeg().toBuffer(),
      picture.clone().gif().toBuffer(),
    ]);
    const flawed = spoil({ png, jpeg, gif });
    const { bytes, info } = await showable(flawed, 'anna');
    const sound = { png, jpeg, gif }[info.format as 'png' | 'jpeg' | 'gif'];
    const pixels = await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
    expect(pixels).toEqual(await sharp(sound).raw().toBuffer());
    expect(bytes.subarray(-12)).toEqual(endOf(sound));
    expect(bytes.includes('flawed text')).toBe(false);
  });

  test('the byte of an end inside a block is not taken for the end of a GIF', async () => {
    const sound = await noise(60, 40).gif().toBuffer();
    const comment = Buffer.from([0x21, 0xfe, 1, 0x3b, 0]);
    const flawed = Buffer.concat([sound.subarray(0, -1), comment]);
    const { bytes } = await showable(flawed, 'anna');
    expect(bytes).toEqual(Buffer.concat([flawed, sound.subarray(-1)]));
  });

  test.each<[string, (webp: Buffer) => Buffer]>([
    ['of nothing', (webp) => sized(webp, 0)],
    ['of less than it is', (webp) => sized(webp, webp.length - 10)],
    ['of more than it is', (webp) => sized(webp, webp.length + 1000)],
    ['of more than can be', (webp) => sized(webp, 0xffff_ffff)],
    ['and half of its EXIF', (webp) => webp.subarray(0, -90)],
    ['and all but the beginning of its EXIF', (webp) => webp.subarray(0, webp.indexOf('EXIF') + 5)],
  ])('a WebP with a size %s is given its true one', async (_, spoil) => {
    const exif = { IFD0: { Copyright: 'somebody' } };
    const lossy = await noise(60, 40).withExif(exif).webp().toBuffer();
    const lossless = await noise(60, 40).withExif(exif).webp({ lossless: true }).toBuffer();
    for (const sound of [lossy, lossless]) {
      const { bytes } = await showable(spoil(Buffer.from(sound)), 'anna');
      expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
      const pixels = await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
      expect(pixels).toEqual(await sharp(sound).raw().toBuffer());
    }
  });

  test('a WebP whose pixels are cut off, or may be in an animation, is broken all the same', async () => {
    const still = await noise(60, 40).webp().toBuffer();
    const frames = await Promise.all([1, 2, 3].map(() => noise(60, 40).png().toBuffer()));
    const animation = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    for (const flawed of [still.subarray(0, -20), animation.subarray(0, -20)])
      await expect(showable(flawed, 'anna')).rejects.toMatchObject({ kind: 'broken' });
  });

  test('a PNG keeps 16 bits for each colour where it is written anew', async () => {
    const sound = await noise(30, 20).toColourspace('rgb16').png().toBuffer();
    const { bytes } = await showable(flipped(sound, sound.length - 16), 'anna');
    expect(await sharp(bytes).metadata()).toMatchObject({ depth: 'ushort' });
  });
});

describe('the part of an image that came', () => {
  test.each(['png', 'jpeg', 'gif', 'webp'] as const)(
    'of a %s has its full size, and is whole as a file',
    async (format) => {
      const sound = await fileOf(noise(300, 200), format);
      const { bytes, info } = await partOf(sound.subarray(0, sound.length / 2), 'anna');
      expect(info).toMatchObject({ format: 'png', width: 300, height: 200 });
      const { channels } = await sharp(bytes, { failOn: 'warning' }).extract(TOP).stats();
      expect(channels[0]?.stdev).toBeGreaterThan(10);
    },
  );

  test('of a small PNG is not dropped as less than the decoder reads at once', async () => {
    const sound = await noise(40, 30).png().toBuffer();
    const { bytes } = await partOf(sound.subarray(0, sound.length / 2), 'anna');
    const { channels } = await sharp(bytes).extract({ left: 0, top: 0, width: 40, height: 12 }).stats();
    expect(channels[0]?.stdev).toBeGreaterThan(10);
  });

  test('of a lossless WebP with metadata is there, too', async () => {
    const exif = { IFD0: { Copyright: 'somebody' } };
    const sound = await noise(300, 200).withExif(exif).webp({ lossless: true }).toBuffer();
    const { bytes } = await partOf(sound.subarray(0, sound.length / 2), 'anna');
    const { channels } = await sharp(bytes, { failOn: 'warning' }).extract(TOP).stats();
    expect(channels[0]?.stdev).toBeGreaterThan(10);
  });

  test('is none where there is nothing to be seen', async () => {
    const sound = await noise(300, 200).png().toBuffer();
    await expect(partOf(sound.subarray(0, 60), 'anna')).rejects.toMatchObject({ kind: 'broken' });
    await expect(partOf(Buffer.from('<html>'), 'anna')).rejects.toMatchObject({ kind: 'unknown-format' });
  });
});

const TOP = { left: 0, top: 0, width: 300, height: 60 };

function flipped(bytes: Buffer, at: number): Buffer {
  const flawed = Buffer.from(bytes);
  flawed.writeUInt8(flawed.readUInt8(at) ^ 1, at);
  return flawed;
}

function sized(webp: Buffer, size: number): Buffer {
  webp.writeUInt32LE(size, 4);
  return webp;
}

/** A text chunk whose sum is wrong, after the header. */
function withText(png: Buffer): Buffer {
  const text = Buffer.from('\0\0\0\x0btEXtflawed textsums', 'latin1');
  return Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]);
}

/** A JPEG that lacked half of its end has one byte too many, which means nothing. */
function endOf(sound: Buffer): unknown {
  return sound[0] === 0xff
    ? expect.toSatisfy((end: Buffer) => end.subarray(-2).equals(Buffer.from([0xff, 0xd9])))
    : sound.subarray(-12);
}
