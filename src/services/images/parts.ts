import { endOfBlocks, GIF_BLOCKS_MAX } from './gif-blocks.ts';
import type { ImageFormat } from './signature.ts';

/** No camera or program makes this many. A decoder that keeps each part would need gigabytes or minutes for more. */
export const PARTS_MAX = 20_000;

/**
 * Whether a file's header has so many parts (chunks of a PNG or WebP, segments of a JPEG, blocks of a GIF) that it must
 * have been made to block the decoder. Stops counting at that number.
 */
export function hasTooManyParts(bytes: Uint8Array, format: ImageFormat): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === 'gif') return endOfBlocks(file).blocks >= GIF_BLOCKS_MAX;
  const layout = LAYOUTS[format];
  if (layout === undefined) return false;
  let at: number | null = layout.first;
  for (let parts = 0; at !== null && at + PART_HEAD_BYTES <= file.length; parts += 1) {
    if (parts >= PARTS_MAX) return true;
    at = layout.next(file, at);
  }
  return false;
}

const PART_HEAD_BYTES = 8;
const JPEG_MARKER = 0xff;
const JPEG_SCAN = 0xda;

interface Layout {
  readonly first: number;
  /** The offset of the next part; null when the pixels begin, or when the file can't be read any further. */
  readonly next: (file: Buffer, at: number) => number | null;
}

/** AVIF is missing because its decoder has limits of its own. */
const LAYOUTS: Partial<Record<ImageFormat, Layout>> = {
  png: {
    first: 8,
    next: (file, at) =>
      file.toString('latin1', at + 4, at + 8) === 'IDAT' ? null : at + 12 + file.readUInt32BE(at),
  },
  webp: {
    first: 12,
    next(file, at) {
      const length = file.readUInt32LE(at + 4);
      return at + 8 + length + (length % 2);
    },
  },
  jpeg: {
    first: 2,
    next(file, at) {
      const marker = file[at + 1];
      if (file[at] !== JPEG_MARKER || marker === JPEG_SCAN) return null;
      // Any number of fill bytes may precede a segment.
      return marker === JPEG_MARKER ? at + 1 : at + 2 + file.readUInt16BE(at + 2);
    },
  },
};
