import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { fitToLimit } from '../../../src/services/images/fit.ts';
import { inspectImage, NotAnImageError } from '../../../src/services/images/inspect.ts';
import { PARTS_MAX } from '../../../src/services/images/parts.ts';
import { prepareReference } from '../../../src/services/images/reference.ts';
import { pngChunk } from '../../support/hostile-images/containers.ts';
import { fileOf, noise } from '../../support/pictures.ts';

test.each([
  ['png', 'image/png', 'png'],
  ['jpeg', 'image/jpeg', 'jpg'],
  ['webp', 'image/webp', 'webp'],
  ['gif', 'image/gif', 'gif'],
  ['avif', 'image/avif', 'avif'],
] as const)('a %s is known by its bytes', async (format, mimeType, extension) => {
  const bytes = await fileOf(noise(30, 20), format);
  expect(await inspectImage(bytes)).toEqual({ format, mimeType, extension, width: 30, height: 20 });
});

test('width and height are those seen, after the EXIF orientation', async () => {
  const bytes = await noise(30, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await inspectImage(bytes)).toMatchObject({ width: 20, height: 30 });
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('a truncated %s is broken', async (format) => {
  const bytes = await fileOf(noise(300, 200), format);
  for (const share of [0.3, 0.9]) {
    await expect(inspectImage(bytes.subarray(0, bytes.length * share))).rejects.toMatchObject({
      kind: 'broken',
    });
  }
});

test('a PNG is broken by a single bit of its pixels', async () => {
  const png = await noise(30, 20).png().toBuffer();
  const bytes = Buffer.from(png);
  const at = png.indexOf('IDAT') + 20;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await expect(inspectImage(bytes)).rejects.toMatchObject({ kind: 'broken' });
});

describe('what the decoder can show whole is an image', () => {
  const sample = (name: string) => readFile(new URL(`../../support/flawed-images/${name}`, import.meta.url));
  const jpeg = () => noise(300, 200).jpeg().toBuffer();

  test.each<[string, () => Promise<Buffer>]>([
    ['a PNG with a wrong sum in a text', () => sample('bad-crc-text.png')],
    ['a PNG without its end', () => sample('no-iend.png')],
    ['a PNG with a wrong sum at its end', async () => changedAt(await noise(30, 20).png().toBuffer(), -1)],
    ['an animated AVIF', () => sample('anim.avif')],
    ['a JPEG without its last two bytes', async () => (await jpeg()).subarray(0, -2)],
    ['a JPEG without its last byte', async () => (await jpeg()).subarray(0, -1)],
    [
      'a progressive JPEG without its end',
      async () => (await noise(90, 60).jpeg({ progressive: true }).toBuffer()).subarray(0, -2),
    ],
    ['a JPEG in CMYK', () => noise(30, 20).toColourspace('cmyk').jpeg().toBuffer()],
    ['a PNG of 16 bits', () => noise(30, 20).toColourspace('rgb16').png().toBuffer()],
    ['a PNG with a palette', () => noise(30, 20).png({ palette: true }).toBuffer()],
    ['an interlaced PNG', () => noise(30, 20).png({ progressive: true }).toBuffer()],
    [
      'a PNG with a page of HTML behind it',
      async () => Buffer.concat([await noise(30, 20).png().toBuffer(), Buffer.from('<html>')]),
    ],
  ])('%s', async (_, made) => {
    const bytes = await made();
    await expect(inspectImage(bytes)).resolves.toMatchObject({ width: expect.any(Number) });
    await expect(prepareReference(bytes)).resolves.toMatchObject({ info: { width: expect.any(Number) } });
    await expect(fitToLimit(bytes, 900)).resolves.toMatchObject({ info: { format: expect.any(String) } });
  });

  test.each([0.5, 0.9, 0.99])('%d of a JPEG is not, whatever its end', async (share) => {
    const bytes = await jpeg();
    const half = bytes.subarray(0, bytes.length * share);
    await expect(inspectImage(half)).rejects.toMatchObject({ kind: 'broken' });
  });
});

test.each<[string, () => Promise<Buffer>]>([
  [
    'a PNG of 300,000 empty texts',
    async () => withParts(await noise(30, 20).png().toBuffer(), 33, pngChunk('tEXt'), 300_000),
  ],
  [
    'a JPEG of 300,000 empty segments',
    async () => withParts(await noise(30, 20).jpeg().toBuffer(), 2, Buffer.from([0xff, 0xe1, 0, 2]), 300_000),
  ],
])('%s is refused after the first few thousand', async (_, made) => {
  const bytes = await made();
  const read = vi.spyOn(Buffer.prototype, bytes[0] === 0xff ? 'readUInt16BE' : 'readUInt32BE');
  await expect(inspectImage(bytes)).rejects.toMatchObject({ kind: 'broken' });
  expect(read.mock.calls.length).toBeLessThanOrEqual(PARTS_MAX);
  read.mockRestore();
});

function withParts(file: Buffer, at: number, part: Buffer, count: number): Buffer {
  return Buffer.concat([file.subarray(0, at), Buffer.alloc(part.length * count, part), file.subarray(at)]);
}

function changedAt(file: Buffer, at: number): Buffer {
  const index = file.length + at;
  file.writeUInt8(file.readUInt8(index) ^ 1, index);
  return file;
}

test('a few hundred bytes that declare a huge picture are refused unread', async () => {
  const bytes = await noise(20, 20).png().toBuffer();
  const header = bytes.subarray(12, 29); // "IHDR" and its data
  header.writeUInt32BE(50_000, 4);
  header.writeUInt32BE(50_000, 8);
  bytes.writeUInt32BE(crc32(header), 29);
  await expect(inspectImage(bytes)).rejects.toMatchObject({ kind: 'too-many-pixels' });
});

describe('formats that are known and not taken', () => {
  const isoFile = (brands: string) =>
    Buffer.from(`\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}`);

  test.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG', Buffer.from('\uFEFF<?xml version="1.0"?>\n<!-- drawn -->\n<svg/>')],
    ['HEIC', isoFile('heic\0\0\0\0mif1heic')],
    ['HEIC', isoFile('mif1\0\0\0\0mif1')],
    ['MP4', isoFile('isom\0\0\0\0isommp42')],
    ['TIFF', Buffer.from('II*\0\x08\0\0\0')],
    ['PDF', Buffer.from('%PDF-1.7')],
    ['BMP', Buffer.from('BM\x36\0\0\0')],
  ])('%s is named', async (format, bytes) => {
    await expect(inspectImage(bytes)).rejects.toMatchObject({ kind: 'unsupported-format', format });
  });
});

test.each([
  ['text', 'just some text'],
  ['nothing', ''],
  ['a web page', '<!DOCTYPE html><html><svg></svg></html>'],
  ['XML', '<?xml version="1.0"?><rss/>'],
  ['an SVG whose comment reads like an AVIF', '<!--ftypavif--><svg xmlns="http://www.w3.org/2000/svg"/>'],
])('%s is no image, whatever its name says', async (_, text) => {
  await expect(inspectImage(Buffer.from(text))).rejects.toMatchObject({
    kind: 'unknown-format',
    format: null,
  });
});

test('a signature with anything after it is refused with a NotAnImageError', async () => {
  const signature = fc.constantFrom(
    '\x89PNG\r\n\x1a\n',
    '\xff\xd8\xff',
    'GIF89a',
    'RIFF    WEBP',
    '\0\0\0\x10ftypavif',
  );
  await fc.assert(
    fc.asyncProperty(signature, fc.uint8Array({ maxLength: 200 }), async (magic, rest) => {
      const bytes = Buffer.concat([Buffer.from(magic, 'latin1'), rest]);
      await expect(inspectImage(bytes)).rejects.toBeInstanceOf(NotAnImageError);
    }),
  );
});
