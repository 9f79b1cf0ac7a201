import { expect, test } from 'vitest';
import { inspectImage, inspectWithThumbnail } from '../../../src/services/images/inspect.ts';
import { fileOf, noise } from '../../support/pictures.ts';

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'of a %s a small WebP is kept besides',
  async (format) => {
    const bytes = await fileOf(noise(512, 256), format);
    const { info, thumbnail } = await inspectWithThumbnail(bytes, 'ann');
    expect(info).toEqual(await inspectImage(bytes));
    expect(await inspectImage(thumbnail)).toMatchObject({ format: 'webp', width: 256, height: 128 });
  },
);

test('a small picture is as it is seen, of whatever shape', async () => {
  const turned = await noise(400, 200).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await sizeOf(turned)).toEqual([128, 256]);
  expect(await sizeOf(await noise(1, 4000).png().toBuffer())).toEqual([1, 256]);
  expect(await sizeOf(await noise(30, 20).png().toBuffer())).toEqual([30, 20]);
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
  'a %s that was cut off has none',
  async (format) => {
    const bytes = await fileOf(noise(300, 200), format);
    const cut = bytes.subarray(0, bytes.length * 0.9);
    await expect(inspectWithThumbnail(cut, 'ann')).rejects.toMatchObject({ kind: 'broken' });
  },
);

async function sizeOf(bytes: Buffer): Promise<number[]> {
  const { width, height } = await inspectImage((await inspectWithThumbnail(bytes, 'ann')).thumbnail);
  return [width, height];
}
