import { readFile } from 'node:fs/promises';
import sharp, { type OverlayOptions } from 'sharp';
import { decode, withMemoryFor } from './decoding.ts';
import { THUMBNAIL_SIDE_PX } from './inspect.ts';

const COLUMNS = 3;
const GAP_PX = 8;
const NUMBER_PX = 48;
/** A quiet grey, on which a picture of any shape stands out in a light and in a dark client. */
const TILE = '#2b2d31';
const WEBP = { quality: 82 };
/** Drawn in advance, because a server may have no fonts. */
const NUMBERS = new URL('tile-numbers.png', import.meta.url);

/**
 * One WebP of numbered tiles, three in a row; each tile shows up to four small pictures. A picture that can't be
 * decoded leaves its place empty.
 */
export async function contactSheet(tiles: readonly (readonly Buffer[])[], person: string): Promise<Buffer> {
  const numbers = await readFile(NUMBERS);
  const width = sideOf(Math.min(COLUMNS, tiles.length));
  const height = sideOf(Math.ceil(tiles.length / COLUMNS));
  return withMemoryFor({ format: 'webp', width, height }, 'lossy', person, async () => {
    const layers = await Promise.all(tiles.map((pictures, index) => tileAt(index, pictures, numbers)));
    const canvas = { width, height, channels: 4 as const, background: '#00000000' };
    return sharp({ create: canvas }).composite(layers.flat()).webp(WEBP).toBuffer();
  });
}

/** The length of so many tiles side by side, in pixels. */
function sideOf(tiles: number): number {
  return tiles * THUMBNAIL_SIDE_PX + (tiles - 1) * GAP_PX;
}

async function tileAt(
  index: number,
  pictures: readonly Buffer[],
  numbers: Buffer,
): Promise<OverlayOptions[]> {
  const left = (index % COLUMNS) * (THUMBNAIL_SIDE_PX + GAP_PX);
  const top = Math.floor(index / COLUMNS) * (THUMBNAIL_SIDE_PX + GAP_PX);
  const side = pictures.length > 1 ? THUMBNAIL_SIDE_PX / 2 : THUMBNAIL_SIDE_PX;
  const shown = await Promise.all(
    pictures.slice(0, 4).map(async (picture, place): Promise<OverlayOptions[]> => {
      const drawn = await fitted(picture, side);
      const at = { left: left + (place % 2) * side, top: top + Math.floor(place / 2) * side };
      return drawn ? [{ ...drawn, ...at }] : [];
    }),
  );
  const square = { width: THUMBNAIL_SIDE_PX, height: THUMBNAIL_SIDE_PX, channels: 4 as const };
  return [
    { input: { create: { ...square, background: TILE } }, left, top },
    ...shown.flat(),
    { input: await numberAt(index, numbers), left: left + GAP_PX, top: top + GAP_PX },
  ];
}

/** The whole picture fitted into a square; null when it is damaged. */
async function fitted(picture: Buffer, side: number): Promise<OverlayOptions | null> {
  const size = { width: side, height: side, fit: 'contain', background: TILE } as const;
  try {
    const { data, info } = await decode(picture, (image) =>
      image.resize(size).ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
    );
    return { input: data, raw: { width: info.width, height: info.height, channels: 4 } };
  } catch {
    return null;
  }
}

function numberAt(index: number, numbers: Buffer): Promise<Buffer> {
  const place = { left: index * NUMBER_PX, top: 0, width: NUMBER_PX, height: NUMBER_PX };
  return sharp(numbers).extract(place).png().toBuffer();
}
