import type { Sharp, WebpOptions } from 'sharp';
import { decode, NOBODY, pixelLimitOf, type Writing, withMemoryFor } from './decoding.ts';
import { describe, type ImageInfo, inspectImage, orBroken } from './inspect.ts';

export interface Fitted {
  bytes: Buffer;
  info: ImageInfo;
  /** The change that made it fit; null when none was needed. */
  change: SizeChange | null;
}

export type SizeChange =
  | { kind: 'lossless-webp' }
  | { kind: 'webp-quality'; quality: number }
  | { kind: 'smaller'; width: number; height: number };

/** Not even the smallest picture fits the limit. */
export class CannotFitError extends Error {
  override readonly name = 'CannotFitError';
}

const QUALITIES = [95, 90, 80, 70];
const SMALLER_QUALITY = 80;
const MIN_SIDE_PX = 16;

/**
 * The image in at most `maxBytes`, changed as little as possible: the same bytes, lossless WebP, WebP of falling
 * quality, fewer pixels. Inspects the bytes first, unless the caller passes their description. Throws NotAnImageError,
 * and CannotFitError for a limit that no picture fits.
 */
export async function fitToLimit(
  bytes: Buffer,
  maxBytes: number,
  { info: known, person = NOBODY }: { info?: ImageInfo | undefined; person?: string } = {},
): Promise<Fitted> {
  const info = known ?? (await inspectImage(bytes, person));
  if (bytes.length <= maxBytes) return { bytes, info, change: null };
  return reduce(bytes, { ...info, person }, maxBytes);
}

/** An image, and the person whose share of the decoder it takes. */
interface Owned extends ImageInfo {
  readonly person: string;
}

async function reduce(bytes: Buffer, info: Owned, maxBytes: number): Promise<Fitted> {
  let side = largestSide(info);
  if (side === longerSide(info)) {
    if (isLosslessWorthwhile(bytes, info, maxBytes)) {
      const webp = await encode(bytes, info, 'lossless', { lossless: true });
      if (webp.bytes.length <= maxBytes) return { ...webp, change: { kind: 'lossless-webp' } };
    }
    for (const quality of QUALITIES) {
      const webp = await encode(bytes, info, 'lossy', { quality });
      if (webp.bytes.length <= maxBytes) return { ...webp, change: { kind: 'webp-quality', quality } };
      if (quality === SMALLER_QUALITY) side = smallerSide(longerSide(info), webp.bytes.length, maxBytes);
    }
  }
  return shrink(bytes, info, side, maxBytes);
}

/** Tries from `startSide` pixels downwards. */
async function shrink(bytes: Buffer, original: Owned, startSide: number, maxBytes: number): Promise<Fitted> {
  let side = startSide;
  while (side >= MIN_SIDE_PX) {
    const webp = await encode(bytes, original, 'lossy', { quality: SMALLER_QUALITY }, side);
    if (webp.bytes.length <= maxBytes) {
      return { ...webp, change: { kind: 'smaller', width: webp.info.width, height: webp.info.height } };
    }
    side = smallerSide(side, webp.bytes.length, maxBytes);
  }
  throw new CannotFitError(`No picture fits ${maxBytes} bytes`);
}

/** The size of a file grows roughly with its area. The side shrinks by at least a tenth, so that the search ends. */
function smallerSide(side: number, bytesAtSide: number, maxBytes: number): number {
  return Math.floor(side * Math.min(0.9, Math.sqrt(maxBytes / bytesAtSide)));
}

async function encode(
  source: Buffer,
  original: Owned,
  writing: Writing,
  options: WebpOptions,
  maxSide?: number,
): Promise<{ bytes: Buffer; info: ImageInfo }> {
  const write = (image: Sharp) => {
    image.autoOrient();
    if (maxSide !== undefined) image.resize({ width: maxSide, height: maxSide, fit: 'inside' });
    return image.webp(options).toBuffer({ resolveWithObject: true });
  };
  const { data, info } = await orBroken(
    withMemoryFor(original, writing, original.person, () => decode(source, write)),
  );
  return { bytes: data, info: describe('webp', info.width, info.height) };
}

/** A WebP stores each side in 14 bits. */
const WEBP_MAX_SIDE_PX = 16_383;

/** The longest side that the image can have as WebP: its own, unless the format or the memory limit forbids it. */
function largestSide(info: ImageInfo): number {
  const share = Math.sqrt(pixelLimitOf(info.format, 'lossy') / (info.width * info.height));
  return Math.min(WEBP_MAX_SIDE_PX, Math.floor(longerSide(info) * Math.min(1, share)));
}

function longerSide({ width, height }: ImageInfo): number {
  return Math.max(width, height);
}

/** Lossless WebP takes seconds. It is seldom smaller than half of a PNG, and always larger than a lossy original. */
const LOSSLESS_BEST_RATIO = 0.5;

function isLosslessWorthwhile(bytes: Buffer, info: ImageInfo, maxBytes: number): boolean {
  const isLosslessSource = info.format === 'png' || info.format === 'gif';
  const isSmallEnough = info.width * info.height <= pixelLimitOf(info.format, 'lossless');
  return isLosslessSource && isSmallEnough && bytes.length * LOSSLESS_BEST_RATIO <= maxBytes;
}
