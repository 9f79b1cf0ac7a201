import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { noise } from '../pictures.ts';
import {
  blackPng,
  gifOfFrames,
  png,
  pngChunk,
  pngHeader,
  replaced,
  uint16,
  uint32,
  webpOfFrames,
  withJpegSegment,
  withScans,
} from './containers.ts';

/** Files made to bring a decoder down, each with the expected outcome. */
export async function hostileImages(): Promise<Record<string, HostileImage>> {
  const small = noise(64, 48);
  const jpeg = await small.clone().jpeg().toBuffer();
  const progressive = await small.clone().jpeg({ progressive: true }).toBuffer();
  const webp = await small.clone().webp().toBuffer();
  const avif = await small.clone().avif().toBuffer();
  const gif = await small.clone().gif().toBuffer();
  const pngFile = await small.clone().png().toBuffer();
  const pixel = pngChunk('IDAT', deflateSync(Buffer.alloc(4)));
  const onePixel = pngHeader({ width: 1, height: 1 });
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';

  return {
    'a PNG that says it has 65,535 × 65,535 pixels': refused(
      png(pngHeader({ width: 65_535, height: 65_535 }), pixel),
    ),
    'a PNG that says it has 2³¹ − 1 pixels a side': refused(
      png(pngHeader({ width: 0x7fff_ffff, height: 0x7fff_ffff }), pixel),
    ),
    'a PNG without any pixel': refused(png(pngHeader({ width: 0, height: 0 }), pixel)),
    'a PNG without its pixels': refused(png(pngHeader({ width: 4000, height: 4000 }))),
    'a PNG one pixel wide and 600,000 high': image(blackPng({ width: 1, height: 600_000 })),
    'a PNG 600,000 pixels wide and one high': image(blackPng({ width: 600_000, height: 1 })),
    'an interlaced PNG of 16 bits, which has to lie in memory whole': image(
      blackPng({ width: 2500, height: 2500, depth: 16, colour: 6, interlaced: true }),
    ),
    'a PNG with 50 MB of colour profile in 50 KB': image(
      png(onePixel, zipped('iCCP', 'p\0\0', Buffer.alloc(50_000_000)), pixel),
    ),
    'a PNG with a thousand texts of 1 MB each': image(
      png(onePixel, ...Array<Buffer>(1000).fill(zipped('zTXt', 't\0\0', Buffer.alloc(1_000_000))), pixel),
    ),
    'a PNG whose chunk says it has 2 GB': refused(
      Buffer.concat([png(onePixel).subarray(0, 33), uint32(0x7fff_ffff), Buffer.from('IDATx')]),
    ),
    'a PNG with a chunk whose sum is wrong': refused(
      replaced(pngFile, Buffer.from('IDAT'), Buffer.from('IDAU')),
    ),
    'a PNG that says it has 10,000 more pictures to show': image(
      png(onePixel, pngChunk('acTL', Buffer.concat([uint32(10_000), uint32(0)])), pixel),
    ),
    'a PNG with a web page behind it': image(
      Buffer.concat([pngFile, Buffer.from('<script>alert(1)</script>')]),
    ),

    'a JPEG that says it has 65,535 × 65,535 pixels': refused(
      replaced(jpeg, Buffer.concat([uint16(48), uint16(64)]), Buffer.from([255, 255, 255, 255])),
    ),
    'a JPEG of 2,000 scans': refused(withScans(progressive, 2000)),
    'a JPEG whose EXIF data leads back to itself': image(withJpegSegment(jpeg, 0xe1, exifThatLoops())),
    'a JPEG with a colour profile of nonsense': image(
      withJpegSegment(
        jpeg,
        0xe2,
        Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01'), Buffer.alloc(60_000, 7)]),
      ),
    ),
    'a JPEG with a ZIP archive behind it': image(
      Buffer.concat([jpeg, Buffer.from('PK\x03\x04'), Buffer.alloc(2000)]),
    ),

    'a GIF that says it has 65,535 × 65,535 pixels': refused(withGifSize(gif, 65_535)),
    'a GIF of 10,000 frames': image(gifOfFrames(10_000)),
    'a GIF that never ends': refused(gif.subarray(0, -20)),

    'a WebP of 10,000 frames': image(webpOfFrames(webp, 10_000, 64)),
    'a WebP of one small frame on 268 million pixels': refused(webpOfFrames(webp, 1, 16_384)),

    'an AVIF of 100 million pixels in 2 KB': refused(await avifFile('100-megapixels')),
    'an AVIF of 16 million pixels in 1 KB': image(await avifFile('16-megapixels')),
    'an AVIF whose size is not what is in it': refused(
      replaced(avif, Buffer.concat([uint32(64), uint32(48)]), Buffer.concat([uint32(4096), uint32(4096)])),
    ),

    'an SVG that says it is an AVIF': refused(Buffer.from(`<!--ftypavif-->${svg}`)),
    'an SVG behind the beginning of an AVIF': refused(Buffer.from(`\0\0\0\x10ftypavif\0\0\0\0${svg}`)),
    'an SVG behind the beginning of a PNG': refused(Buffer.from(`\x89PNG\r\n\x1a\n${svg}`, 'latin1')),
  };
}

export interface HostileImage {
  readonly bytes: Buffer;
  readonly becomes: 'an image' | 'a refusal';
}

const refused = (bytes: Buffer): HostileImage => ({ bytes, becomes: 'a refusal' });
const image = (bytes: Buffer): HostileImage => ({ bytes, becomes: 'an image' });

function zipped(type: string, head: string, data: Buffer): Buffer {
  return pngChunk(type, Buffer.concat([Buffer.from(head), deflateSync(data, { level: 9 })]));
}

function exifThatLoops(): Buffer {
  const oneEntry = Buffer.from('\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0', 'latin1');
  return Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0'), oneEntry]);
}

/** Sets both sizes: that of the screen, and that of its frame. */
function withGifSize(gif: Buffer, side: number): Buffer {
  const size = Buffer.from([side & 0xff, side >> 8, side & 0xff, side >> 8]);
  const was = gif.subarray(6, 10);
  const screen = replaced(gif, was, size);
  return replaced(
    screen,
    Buffer.concat([Buffer.from(',\0\0\0\0'), was]),
    Buffer.concat([Buffer.from(',\0\0\0\0'), size]),
  );
}

function avifFile(name: string): Promise<Buffer> {
  return readFile(new URL(`./${name}.avif`, import.meta.url));
}
