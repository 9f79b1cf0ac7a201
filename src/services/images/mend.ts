import sharp from 'sharp';
import { pixelLimitOf, withMemoryFor } from './decoding.ts';
import { type ImageInfo, inspectWithThumbnail, NotAnImageError, orBroken, readHeader } from './inspect.ts';
import { validFile } from './valid-file.ts';
import { filledWebp, validWebp } from './valid-webp.ts';

/** An image and its description. */
export interface Inspected {
  readonly bytes: Buffer;
  readonly info: ImageInfo;
  /** A small WebP of it; only given when the image has just arrived. */
  readonly thumbnail?: Buffer;
}

/**
 * A result in a form that Discord can show. Faults that our decoder forgives, such as a missing end or a wrong
 * checksum, are repaired without changing a pixel, because Discord's decoder may not forgive them. Throws
 * NotAnImageError.
 */
export async function showable(bytes: Buffer, person: string): Promise<Inspected> {
  try {
    const { info, thumbnail } = await inspectWithThumbnail(bytes, person);
    return { bytes: validFile(bytes, info.format), info, thumbnail };
  } catch (error) {
    if (!(error instanceof NotAnImageError) || error.kind !== 'broken') throw error;
    // All its pixels may be there, with a wrong checksum or a wrong size.
    if (bytes[0] === PNG_FIRST_BYTE) return writtenAnew(bytes, 'truncated', person);
    if (bytes[0] !== WEBP_FIRST_BYTE) throw error;
    const valid = validWebp(bytes);
    return { bytes: valid, ...(await inspectWithThumbnail(valid, person)) };
  }
}

const PNG_FIRST_BYTE = 0x89;
const WEBP_FIRST_BYTE = 0x52;

/**
 * The part of a truncated result that arrived, as an image of its full size. Throws NotAnImageError when it can't be
 * decoded or shows nothing.
 */
export async function partOf(bytes: Buffer, person: string): Promise<Inspected> {
  const part = await writtenAnew(filled(bytes), 'none', person);
  const look = () => sharp(part.bytes, { limitInputPixels: pixelLimitOf('jpeg') }).stats();
  const { channels } = await orBroken(withMemoryFor(part.info, 'small', person, look));
  if (channels.every(({ min, max }) => min === max))
    throw new NotAnImageError('broken', 'Nothing of it came');
  return part;
}

/**
 * Padded for the decoder: the PNG decoder reads in blocks and drops the last one, and the WebP decoder needs the full
 * size.
 */
function filled(bytes: Buffer): Buffer {
  if (bytes[0] === PNG_FIRST_BYTE) return Buffer.concat([bytes, PADDING]);
  return bytes[0] === WEBP_FIRST_BYTE ? filledWebp(bytes) : bytes;
}

const PADDING = Buffer.alloc(8192);

/** Writes it as a PNG, pixel for pixel. */
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
