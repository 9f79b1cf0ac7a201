import sharp from 'sharp';
import { expect, test } from 'vitest';
import { contactSheet } from '../../../src/services/images/contact-sheet.ts';
import { inspectImage } from '../../../src/services/images/inspect.ts';
import { noise, pixelAt, twoHalves } from '../../support/pictures.ts';

const TILE = [43, 45, 49];

test.each([
  [1, 256, 256],
  [2, 520, 256],
  [3, 784, 256],
  [4, 784, 520],
  [9, 784, 784],
])('%i tiles stand three in a row, with a gap that shows through', async (many, width, height) => {
  const sheet = await contactSheet(
    Array.from({ length: many }, () => []),
    'ann',
  );
  expect(await inspectImage(sheet)).toMatchObject({ format: 'webp', width, height });
  if (many > 1) expect((await pixelAt(sheet, 260, 100))[3]).toBe(0);
});

test('a tile shows its whole picture, whatever its shape, under a number', async () => {
  const wide = await twoHalves(256, 64).png().toBuffer();
  const sheet = await contactSheet([[], [wide]], 'ann');
  expectNear(await pixelAt(sheet, 264 + 64, 128), [255, 0, 0]);
  expectNear(await pixelAt(sheet, 264 + 192, 128), [0, 0, 255]);
  expectNear(await pixelAt(sheet, 264 + 128, 30), TILE);
  for (const left of [0, 264]) expect(await brightest(sheet, left)).toBeGreaterThan(220);
});

test('of a set of four, each has a quarter of the tile', async () => {
  const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffff00'];
  const pictures = await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 60, height: 60, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const sheet = await contactSheet([pictures], 'ann');
  expectNear(await pixelAt(sheet, 90, 90), [255, 0, 0]);
  expectNear(await pixelAt(sheet, 192, 64), [0, 255, 0]);
  expectNear(await pixelAt(sheet, 64, 192), [0, 0, 255]);
  expectNear(await pixelAt(sheet, 192, 192), [255, 255, 0]);
});

test('a damaged picture leaves its tile plain, and the others are there', async () => {
  const whole = await noise(100, 100).webp().toBuffer();
  const sheet = await contactSheet([[Buffer.from('no picture')], [whole.subarray(0, 300)], [whole]], 'ann');
  expectNear(await pixelAt(sheet, 128, 128), TILE);
});

/** Of the corner where the number is. */
async function brightest(sheet: Buffer, left: number): Promise<number> {
  const { channels } = await sharp(
    await sharp(sheet)
      .extract({ left: left + 8, top: 8, width: 48, height: 48 })
      .png()
      .toBuffer(),
  ).stats();
  return Math.min(...channels.slice(0, 3).map(({ max }) => max));
}

function expectNear(pixel: readonly number[], colour: readonly number[]): void {
  for (const [index, value] of colour.entries())
    expect(Math.abs((pixel[index] ?? 0) - value), `${pixel} is not ${colour}`).toBeLessThan(24);
}
