import { crc32 } from 'node:zlib';

const SIGNATURE_BYTES = 8;
const LENGTH_BYTES = 4;
const TYPE_BYTES = 4;
const CHECKSUM_BYTES = 4;

/**
 * Whether a PNG is all there: each of its chunks with the right checksum, to the last (PNG specification, 5.3). Tells
 * as much about how it came as decoding it, in a fraction of the time.
 */
export function isWholePng(bytes: Uint8Array): boolean {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let chunk = SIGNATURE_BYTES;
  while (chunk + LENGTH_BYTES + TYPE_BYTES + CHECKSUM_BYTES <= png.length) {
    const type = chunk + LENGTH_BYTES;
    const end = type + TYPE_BYTES + png.readUInt32BE(chunk);
    if (end + CHECKSUM_BYTES > png.length) return false;
    if (crc32(png.subarray(type, end)) !== png.readUInt32BE(end)) return false;
    if (png.toString('latin1', type, type + TYPE_BYTES) === 'IEND') return true;
    chunk = end + CHECKSUM_BYTES;
  }
  return false;
}
