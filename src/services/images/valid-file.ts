import { crc32 } from 'node:zlib';
import { validGif } from './gif-blocks.ts';
import type { ImageFormat } from './signature.ts';

/**
 * Repairs the faults of a decodable image that only some decoders forgive: a missing end, or a wrong checksum outside
 * the pixels. Returns the same bytes when nothing is wrong, and for formats whose decoders forgive nothing.
 */
export function validFile(bytes: Buffer, format: ImageFormat): Buffer {
  switch (format) {
    case 'png':
      return validPng(bytes);
    case 'jpeg':
      return bytes.subarray(-TAIL_BYTES).includes(JPEG_END) ? bytes : Buffer.concat([bytes, JPEG_END]);
    case 'gif':
      return validGif(bytes);
    default:
      return bytes;
  }
}

/** Some programs write a few bytes after the end. */
const TAIL_BYTES = 64;
const JPEG_END = Buffer.from([0xff, 0xd9]);

const PNG_HEAD_BYTES = 8;
/** A chunk's length, type and checksum. */
const CHUNK_FRAME_BYTES = 12;
const IEND = 0x49454e44;
const PNG_END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
/** This many chunks of 8 KB make 1.6 GB. A PNG cut into smaller ones was made to block the check. */
const CHUNKS_MAX = 200_000;
/** The most bytes that are checked besides the pixels: a photo's colour profile and texts take a tenth of it. */
const CHECKED_MAX_BYTES = 16 * 1024 * 1024;

/** Removes the chunks that decoders drop for their checksums, and adds a missing end. */
function validPng(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let [keptFrom, at, checked] = [0, PNG_HEAD_BYTES, 0];
  for (let chunks = 0; chunks < CHUNKS_MAX; chunks += 1) {
    const end = endOfChunk(bytes, at);
    if (end === null || isNamedEnd(bytes, at)) {
      const isEnded = end !== null && bytes.subarray(at, end).equals(PNG_END);
      if (isEnded && kept.length === 0) return bytes;
      return Buffer.concat([...kept, bytes.subarray(keptFrom, at), PNG_END]);
    }
    if (isAncillary(bytes, at)) {
      checked += end - at;
      if (checked > CHECKED_MAX_BYTES || !isSound(bytes, at, end)) {
        kept.push(bytes.subarray(keptFrom, at));
        keptFrom = end;
      }
    }
    at = end;
  }
  return bytes;
}

/** Null when no complete chunk is left. */
function endOfChunk(bytes: Buffer, at: number): number | null {
  if (at + CHUNK_FRAME_BYTES > bytes.length) return null;
  const end = at + CHUNK_FRAME_BYTES + bytes.readUInt32BE(at);
  return end > bytes.length ? null : end;
}

function isNamedEnd(bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at + 4) === IEND;
}

/** The type of an ancillary chunk begins with a small letter (PNG, 5.4). The decoder has checked the critical ones. */
function isAncillary(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at + 4) & 0x20) !== 0;
}

function isSound(bytes: Buffer, at: number, end: number): boolean {
  return crc32(bytes.subarray(at + 4, end - 4)) === bytes.readUInt32BE(end - 4);
}
