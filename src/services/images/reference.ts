import type { Sharp } from 'sharp';
import type { ImageRequest } from '../request/request.ts';
import { isTextTool, UPSCALED_MAX_SIDE_PX } from '../request/tools.ts';
import { decode, NOBODY, withMemoryFor } from './decoding.ts';
import { describe, type ImageInfo, orBroken, readHeader } from './inspect.ts';

/** Models look at a reference in no larger size. */
const REFERENCE_MAX_SIDE_PX = 2048;
/** A tool works on the picture itself, and can make it at most twice as large as this. */
const SOURCE_MAX_SIDE_PX = UPSCALED_MAX_SIDE_PX / 2;
/** How an original is shrunk: the same for two of the same size. */
export const REFERENCE_FIT = fitWithin(REFERENCE_MAX_SIDE_PX);
const QUALITY = 90;

/** The longest side, in pixels, that the references of such a request are sent with. */
export function sentSidePx({ tool }: Pick<ImageRequest, 'tool'>): number {
  return tool && !isTextTool(tool) ? SOURCE_MAX_SIDE_PX : REFERENCE_MAX_SIDE_PX;
}

/**
 * Prepares a person's image for the service: upright, at most `maxSidePx` pixels a side, sRGB, without any metadata (EXIF and
 * GPS included), the first frame of an animation. JPEG, or WebP when it may be transparent. Throws NotAnImageError.
 */
export async function prepareReference(
  bytes: Uint8Array,
  person = NOBODY,
  maxSidePx = REFERENCE_MAX_SIDE_PX,
): Promise<{ bytes: Buffer<ArrayBuffer>; info: ImageInfo }> {
  const { info: original, metadata } = await readHeader(bytes);
  const format = metadata.hasAlpha ? 'webp' : 'jpeg';
  const encode = (image: Sharp) => {
    const upright = image.autoOrient().resize(fitWithin(maxSidePx));
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

function fitWithin(maxSidePx: number) {
  return { width: maxSidePx, height: maxSidePx, fit: 'inside', withoutEnlargement: true } as const;
}
