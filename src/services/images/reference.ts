import type { Sharp } from 'sharp';
import { decode, NOBODY, withMemoryFor } from './decoding.ts';
import { describe, type ImageInfo, orBroken, readHeader } from './inspect.ts';

const REFERENCE_MAX_SIDE_PX = 2048;
/** How an original is shrunk: the same for two of the same size. */
export const REFERENCE_FIT = {
  width: REFERENCE_MAX_SIDE_PX,
  height: REFERENCE_MAX_SIDE_PX,
  fit: 'inside',
  withoutEnlargement: true,
} as const;
const QUALITY = 90;

/**
 * Prepares a person's image for the service: upright, at most 2048 pixels a side, sRGB, without any metadata (EXIF and
 * GPS included), the first frame of an animation. JPEG, or WebP when it may be transparent. Throws NotAnImageError.
 */
export async function prepareReference(
  bytes: Uint8Array,
  person = NOBODY,
): Promise<{ bytes: Buffer<ArrayBuffer>; info: ImageInfo }> {
  const { info: original, metadata } = await readHeader(bytes);
  const format = metadata.hasAlpha ? 'webp' : 'jpeg';
  const encode = (image: Sharp) => {
    const upright = image.autoOrient().resize(REFERENCE_FIT);
    // sharp converts to sRGB and writes no metadata, unless asked otherwise.
    const encoded =
      format === 'webp'
        ? upright.webp({ quality: QUALITY })
        : upright.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
    return encoded.toBuffer({ resolveWithObject: true });
  };
  const { data, info } = await orBroken(
    withMemoryFor(original, 'small', person, () => decode(bytes, encode)),
  );
  return { bytes: data, info: describe(format, info.width, info.height) };
}
