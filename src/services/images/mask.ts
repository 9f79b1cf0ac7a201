import sharp, { type Sharp } from 'sharp';
import { decode, NOBODY, withMemoryFor } from './decoding.ts';
import { describe, type ImageInfo, orBroken, readHeader } from './inspect.ts';
import { REFERENCE_FIT } from './reference.ts';

/**
 * Makes a small PNG of a person's mask: its alpha over black, resized like a reference of the same size. Throws
 * NotAnImageError.
 */
export async function prepareMask(
  bytes: Uint8Array,
  person = NOBODY,
): Promise<{ bytes: Buffer<ArrayBuffer>; info: ImageInfo }> {
  const { info: original } = await readHeader(bytes);
  const alphaOf = (image: Sharp) =>
    image
      .autoOrient()
      .resize(REFERENCE_FIT)
      .ensureAlpha()
      .extractChannel('alpha')
      .raw()
      .toBuffer({ resolveWithObject: true });
  const write = async () => {
    const { data, info } = await decode(bytes, alphaOf);
    const { width, height } = info;
    const black = { create: { width, height, channels: 3 as const, background: '#000' } };
    const written = await sharp(black)
      .joinChannel(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    return { bytes: written, info: describe('png', width, height) };
  };
  return await orBroken(withMemoryFor(original, 'small', person, write));
}

/** Whether nothing of a mask is transparent: then nothing of the image could change. */
export async function isOpaque(mask: Uint8Array): Promise<boolean> {
  const { isOpaque } = await sharp(mask).stats();
  return isOpaque;
}
