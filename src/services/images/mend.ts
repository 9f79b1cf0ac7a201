import sharp from 'sharp';
import { pixelLimitOf, withMemoryFor } from './decoding.ts';
import { type ImageInfo, inspectWithThumbnail, NotAnImageError, orBroken, readHeader } from './inspect.ts';
import { validFile } from './valid-file.ts';
import { filledWebp, validWebp } from './valid-webp.ts';

/** An image, and what it is. */
export interface Inspected {
  readonly bytes: Buffer;
  readonly info: ImageInfo;
  /** A small WebP of it, where the image has just come. */
  readonly thumbnail?: Buffer;
}

/**
 * A result as it can be shown. What our decoder forgives is set right, without touching a pixel, since Discord's may
 * not forgive it: a missing end, a wrong checksum. Throws NotAnImageError.
 */
export async function showable(bytes: Buffer, person: string): Promise<Inspected> {
  try {
    const { info, thumbnail } = await inspectWithThumbnail(bytes, person);
    return { bytes: validFile(bytes, info.format), info, thumbnail };
  } catch (error) {
    if (!(error instanceof NotAnImageError) || error.kind !== 'broken') throw error;
    // Its pixels may all be there, under a wrong checksum or a wrong size.
    if (bytes[0] === PNG_FIRST_BYTE) return writtenAnew(bytes, 'truncated', person);
    if (bytes[0] !== WEBP_FIRST_BYTE) throw error;
    const valid = validWebp(bytes);
    return { bytes: valid, ...(await inspectWithThumbnail(valid, person)) };
  }
}

const PNG_FIRST_BYTE = 0x89;
const WEBP_FIRST_BYTE = 0x52;

/**
 * What there is of a result that was cut off, as an image of its full size. Throws NotAnImageError where that can't be
 * decoded, or there is nothing to be seen.
 */
export async function partOf(bytes: Buffer, person: string): Promise<Inspected> {
  const part = await writtenAnew(filled(bytes), 'none', person);
  const look = () => sharp(part.bytes, { limitInputPixels: pixelLimitOf('jpeg') }).stats();
  const { channels } = await orBroken(withMemoryFor(part.info, 'small', person, look));
  if (channels.every(({ min, max }) => min === max))
    throw new NotAnImageError('broken', 'Nothing of it came');
  return part;
}

/** Long enough for the decoder: that of PNGs reads blocks and drops the last one, that of WebPs wants all or nothing. */
function filled(bytes: Buffer): Buffer {
  if (bytes[0] === PNG_FIRST_BYTE) return Buffer.concat([bytes, PADDING]);
  return bytes[0] === WEBP_FIRST_BYTE ? filledWebp(bytes) : bytes;
}

const PADDING = Buffer.alloc(8192);

/** As a PNG, pixel for pixel. */
async function writtenAnew(bytes: Buffer, failOn: 'none' | 'truncated', person: string): Promise<Inspected> {
  const { info, metadata } = await readHeader(bytes, failOn);
  const image = sharp(bytes, { failOn, limitInputPixels: pixelLimitOf(info.format) });
  const write = () => {
    if (metadata.depth === 'ushort') image.toColourspace('rgb16');
    return image.autoOrient().keepIccProfile().png().toBuffer();
  };
  const written = await orBroken(withMemoryFor(info, 'small', person, write));
  return { bytes: written, info: { ...info, format: 'png', mimeType: 'image/png', extension: 'png' } };
}
