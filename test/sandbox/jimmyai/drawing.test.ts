import * as fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawImage } from '../../../sandbox/jimmyai/drawing.ts';
import { RATIOS } from '../../../sandbox/jimmyai/models.ts';
import { aspectOf, pixelSize } from '../../../sandbox/jimmyai/pixel-size.ts';
import type { CreateRequest } from '../../../sandbox/jimmyai/rules.ts';

const request: CreateRequest = {
  model: 'gpt-image-2',
  prompt: 'a lighthouse',
  ratio: '1:1',
  resolution: '1k',
  quality: 'low',
  images: [],
};
const draw = (changes: Partial<CreateRequest>, pixelScale = 0.1, order = 0) =>
  drawImage({ order, request: { ...request, ...changes }, references: [] }, { pixelScale, isHuge: false });

test.each(RATIOS)('%s is drawn in its pixel size', async (ratio) => {
  const { width, height } = await sharp(await draw({ ratio })).metadata();
  const full = pixelSize(aspectOf(ratio), '1k');
  expect({ width, height }).toEqual({
    width: Math.ceil(full.width * 0.1),
    height: Math.ceil(full.height * 0.1),
  });
});

test('a 4k picture is full-sized and stays under 10 MiB', async () => {
  const picture = await draw({ resolution: '4k', ratio: '1:1' }, 1);
  expect(await sharp(picture).metadata()).toMatchObject({ width: 4096, height: 4096, hasAlpha: false });
  expect(picture.length).toBeLessThan(10 * 1024 * 1024);
});

test('the same prompt draws the same picture, another prompt or task another', async () => {
  expect(await draw({})).toEqual(await draw({}));
  expect(await draw({ prompt: 'a fox' })).not.toEqual(await draw({}));
  expect(await draw({}, 0.1, 1)).not.toEqual(await draw({}));
});

test('references show in the picture', async () => {
  const thumbnail = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#f00' } })
    .png()
    .toBuffer();
  const reference = {
    thumbnail,
    bytes: thumbnail,
    source: 'base64',
    mime: 'image/png',
    width: 9,
    height: 9,
    hasExif: false,
    hasGps: false,
    hasXmp: false,
  } as const;
  const picture = await drawImage(
    { order: 0, request, references: [reference] },
    { pixelScale: 1, isHuge: false },
  );
  const pixel = await sharp(picture).extract({ left: 110, top: 110, width: 1, height: 1 }).raw().toBuffer();
  expect([...pixel]).toEqual([255, 0, 0]);
});

test('any prompt can be drawn', async () => {
  const prompts = fc.string({ unit: 'binary', minLength: 1, maxLength: 400 });
  const nasty = fc.constantFrom(
    '</text><script>',
    '&amp;&',
    '\u0000\uD800',
    '雪山'.repeat(200),
    'x'.repeat(999),
    '🦊 ',
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(prompts, nasty), async (prompt) => {
      expect((await sharp(await draw({ prompt }, 0.03)).metadata()).format).toBe('png');
    }),
    { numRuns: 40 },
  );
});
