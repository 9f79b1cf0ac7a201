import { crc32, deflateSync } from 'node:zlib';

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A PNG of these chunks. */
export function png(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([PNG_SIGNATURE, ...chunks, pngChunk('IEND')]);
}

export function pngChunk(type: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
}

interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth?: 8 | 16;
  /** 2 is RGB, 6 RGBA. */
  readonly colour?: 2 | 6;
  readonly interlaced?: boolean;
}

export function pngHeader({ width, height, depth = 8, colour = 2, interlaced = false }: PngHeader): Buffer {
  const rest = Buffer.from([depth, colour, 0, 0, interlaced ? 1 : 0]);
  return pngChunk('IHDR', Buffer.concat([uint32(width), uint32(height), rest]));
}

/** A complete black picture. */
export function blackPng(header: PngHeader): Buffer {
  const { width, height, depth = 8, colour = 2, interlaced = false } = header;
  const row = 1 + (width * (colour === 6 ? 4 : 3) * depth) / 8;
  // An interlaced picture has up to 15 rows for 8, each with an extra byte.
  const pixels = Buffer.alloc(row * height + (interlaced ? height * 2 : 0));
  return png(pngHeader(header), pngChunk('IDAT', deflateSync(pixels, { level: 9 })));
}

/** A GIF of one pixel, shown `count` times. */
export function gifOfFrames(count: number): Buffer {
  const header = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from('!\xf9\x04\0\x01\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
  return Buffer.concat([header, ...Array(count).fill(frame), Buffer.from(';')]);
}

/** A WebP that shows a still one `count` times, on a canvas of this size. */
export function webpOfFrames(still: Buffer, count: number, canvas: number): Buffer {
  const image = still.subarray(12); // after "RIFF", the length and "WEBP"
  const canvasSide = uint24(canvas - 1);
  const extended = riffChunk('VP8X', Buffer.concat([Buffer.from([2, 0, 0, 0]), canvasSide, canvasSide]));
  const animation = riffChunk('ANIM', Buffer.alloc(6));
  const place = Buffer.alloc(16); // left, top, both sides less one, duration, flags
  const frames = Array(count).fill(riffChunk('ANMF', Buffer.concat([place, image])));
  const body = Buffer.concat([Buffer.from('WEBP'), extended, animation, ...frames]);
  return riffChunk('RIFF', body);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), length, data, Buffer.alloc(data.length % 2)]);
}

/** Inserts a segment directly after a JPEG's start marker. */
export function withJpegSegment(jpeg: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

/** The same JPEG with its last scan sent `count` times. */
export function withScans(jpeg: Buffer, count: number): Buffer {
  const lastScan = jpeg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpeg.subarray(lastScan, -2);
  return Buffer.concat([jpeg.subarray(0, lastScan), ...Array(count).fill(scan), jpeg.subarray(-2)]);
}

/** Replaces the first occurrence of these bytes. */
export function replaced(file: Buffer, from: Uint8Array, to: Uint8Array): Buffer {
  const at = file.indexOf(from);
  if (at < 0) throw new Error('there is nothing to replace');
  const changed = Buffer.from(file);
  changed.set(to, at);
  return changed;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function uint16(value: number): Buffer {
  return uint32(value).subarray(2);
}

function uint24(value: number): Buffer {
  return Buffer.from([value & 0xff, (value >> 8) & 0xff, value >> 16]);
}
