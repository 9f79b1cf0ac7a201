import { hasTooManyParts } from './parts.ts';

/**
 * Corrects the size in the header of a still WebP that has all its pixels, and drops a truncated chunk after them:
 * decoders reject a wrong size. Returns the same bytes for any other file.
 */
export function validWebp(bytes: Buffer): Buffer {
  if (isAnimated(bytes) || hasTooManyParts(bytes, 'webp')) return bytes;
  let at = FIRST_CHUNK;
  while (at + CHUNK_HEAD_BYTES <= bytes.length) {
    const end = at + CHUNK_HEAD_BYTES + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) {
      if (PIXELS.has(bytes.toString('latin1', at, at + 4))) return bytes;
      break;
    }
    at = end + (end % 2);
  }
  const padding = Buffer.alloc(Math.max(0, at - bytes.length));
  const valid = Buffer.concat([bytes.subarray(0, at), padding]);
  valid.writeUInt32LE(valid.length - SIZE_COUNTS_FROM, SIZE_AT);
  return valid;
}

/**
 * Pads a still WebP whose pixels are truncated to the size that its chunk declares. Returns the same bytes for any
 * other file.
 */
export function filledWebp(bytes: Buffer): Buffer {
  if (isAnimated(bytes) || hasTooManyParts(bytes, 'webp')) return bytes;
  for (let at = FIRST_CHUNK; at + CHUNK_HEAD_BYTES <= bytes.length; ) {
    const end = at + CHUNK_HEAD_BYTES + bytes.readUInt32LE(at + 4);
    if (end > bytes.length) return end > FILLED_MAX_BYTES ? bytes : validWebp(filledTo(bytes, end));
    at = end + (end % 2);
  }
  return bytes;
}

/** The most that the bot fetches for an image. */
const FILLED_MAX_BYTES = 64 * 1024 * 1024;

function filledTo(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

const SIZE_AT = 4;
const SIZE_COUNTS_FROM = 8;
const FIRST_CHUNK = 12;
const CHUNK_HEAD_BYTES = 8;
const PIXELS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'ALPH']);

const FLAGS_AT = 20;
const ANIMATION_FLAG = 0x02;

/** In an animation, a missing frame can't be noticed. */
function isAnimated(bytes: Buffer): boolean {
  return (
    bytes.toString('latin1', FIRST_CHUNK, FIRST_CHUNK + 4) === 'VP8X' &&
    ((bytes[FLAGS_AT] ?? 0) & ANIMATION_FLAG) !== 0
  );
}
