/** A file's format by its first bytes. Its name and content type are only claims of the sender. */
export type Signature =
  | { format: ImageFormat }
  /** A format that the bot recognizes but doesn't accept. */
  | { unsupported: string }
  | null;

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';

/** Recognizes a file by its leading bytes; null when they are unknown. */
export function readSignature(bytes: Uint8Array): Signature {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES));
  const latin = head.toString('latin1');
  if (latin.slice(4, 8) === 'ftyp') return readIsoBrands(head);
  if (/^RIFF.{4}WEBP/s.test(latin)) return { format: 'webp' };
  for (const [magic, signature] of MAGIC) if (latin.startsWith(magic)) return signature;
  return SVG_START.test(head.toString('utf8')) ? { unsupported: 'SVG' } : null;
}

const HEAD_BYTES = 1024;

const SVG_START = /^\uFEFF?\s*<(svg|!DOCTYPE svg|(\?xml|!--).*<svg)/is;

const MAGIC: readonly (readonly [string, Signature])[] = [
  ['\x89PNG\r\n\x1a\n', { format: 'png' }],
  ['\xff\xd8\xff', { format: 'jpeg' }],
  ['GIF87a', { format: 'gif' }],
  ['GIF89a', { format: 'gif' }],
  ['BM', { unsupported: 'BMP' }],
  ['II*\0', { unsupported: 'TIFF' }],
  ['MM\0*', { unsupported: 'TIFF' }],
  ['%PDF-', { unsupported: 'PDF' }],
  ['8BPS', { unsupported: 'PSD' }],
  ['\0\0\x01\0', { unsupported: 'ICO' }],
  ['\xff\x0a', { unsupported: 'JPEG XL' }],
  ['\0\0\0\x0cJXL ', { unsupported: 'JPEG XL' }],
];

/**
 * AVIF and HEIC share a container (ISO 14496-12 `ftyp`). All brands are read, because the major one is often generic.
 */
function readIsoBrands(head: Buffer): Signature {
  const boxEnd = head.readUInt32BE(0);
  // "<!--ftypavif--><svg …" is not a box, and other programs read it as an SVG.
  if (boxEnd % 4 !== 0 || boxEnd > head.length) return null;
  const brands: string[] = head.toString('latin1', 8, boxEnd).match(/.{4}/gs) ?? [];
  if (brands.includes('avif') || brands.includes('avis')) return { format: 'avif' };
  if (brands.some((brand) => /^(he[ivm][cxsm]|mif1|msf1)$/.test(brand))) return { unsupported: 'HEIC' };
  return { unsupported: 'MP4' };
}
