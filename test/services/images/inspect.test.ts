import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspectImage, NotAnImageError } from '../../../src/services/images/inspect.ts';
import { noise } from '../../support/pictures.ts';

test.each([
  ['png', 'image/png', 'png'],
  ['jpeg', 'image/jpeg', 'jpg'],
  ['webp', 'image/webp', 'webp'],
  ['gif', 'image/gif', 'gif'],
  ['avif', 'image/avif', 'avif'],
] as const)('a %s is known by its bytes', async (format, mimeType, extension) => {
  const bytes = await noise(30, 20).toFormat(format).toBuffer();
  expect(await inspectImage(bytes)).toEqual({ format, mimeType, extension, width: 30, height: 20 });
});

test('width and height are those seen, after the EXIF orientation', async () => {
  const bytes = await noise(30, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await inspectImage(bytes)).toMatchObject({ width: 20, height: 30 });
});

test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('a truncated %s is broken', async (format) => {
  const bytes = await noise(300, 200).toFormat(format).toBuffer();
  for (const share of [0.3, 0.9]) {
    await expect(inspectImage(bytes.subarray(0, bytes.length * share))).rejects.toMatchObject({
      kind: 'broken',
    });
  }
});

test('a PNG is broken by a single bit, wherever that is', async () => {
  const png = await noise(30, 20).png().toBuffer();
  const image = png.indexOf('IDAT') + 20;
  for (const at of [image, png.length - 1]) {
    const bytes = Buffer.from(png);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await expect(inspectImage(bytes)).rejects.toMatchObject({ kind: 'broken' });
  }
});

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
