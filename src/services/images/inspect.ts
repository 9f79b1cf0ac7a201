import sharp, { type FailOnOptions, type Metadata, type Sharp } from 'sharp';
import { decodable, decode, NOBODY, pixelLimitOf, withMemoryFor } from './decoding.ts';
import { hasTooManyParts } from './parts.ts';
import { type ImageFormat, readSignature } from './signature.ts';

export type { ImageFormat };

export interface ImageInfo {
  format: ImageFormat;
  mimeType: string;
  /** Without the dot. */
  extension: string;
  /** In pixels, after the EXIF orientation is applied. */
  width: number;
  height: number;
}

export type NotAnImageKind = 'unknown-format' | 'unsupported-format' | 'broken' | 'too-many-pixels';

/** Bytes that aren't an image we can work with. */
export class NotAnImageError extends Error {
  override readonly name = 'NotAnImageError';
  readonly kind: NotAnImageKind;
  /** The format's name when the bot knows it but doesn't accept it, e.g. 'SVG'. */
  readonly format: string | null;

  constructor(kind: NotAnImageKind, message: string, { format, cause }: NotAnImageDetails = {}) {
    super(message, { cause });
    this.kind = kind;
    this.format = format ?? null;
  }
}

interface NotAnImageDetails {
  format?: string;
  cause?: unknown;
}

/** Describes this person's image, after decoding it to make sure that it is complete. Throws NotAnImageError. */
export async function inspectImage(bytes: Uint8Array, person = NOBODY): Promise<ImageInfo> {
  const { info } = await readHeader(bytes);
  // Truncated data only shows when the decoder reads to its end.
  await orBroken(
    withMemoryFor(info, 'small', person, () =>
      decode(bytes, (image) => image.resize(PROBE).raw().toBuffer()),
    ),
  );
  return info;
}

/** The same, with a small WebP of it. That costs next to nothing, since every pixel is read anyway. */
export async function inspectWithThumbnail(
  bytes: Uint8Array,
  person: string,
): Promise<{ info: ImageInfo; thumbnail: Buffer }> {
  const { info, metadata } = await readHeader(bytes);
  // sharp holds the whole picture in memory to turn it.
  const isTurned = (metadata.orientation ?? 1) > 1;
  const write = (image: Sharp) =>
    (isTurned ? image.autoOrient() : image).resize(THUMBNAIL).webp(THUMBNAIL_WEBP).toBuffer();
  const thumbnail = await orBroken(
    withMemoryFor(info, isTurned ? 'lossy' : 'small', person, () => decode(bytes, write)),
  );
  return { info, thumbnail };
}

/** A sheet of nine, three in a row, is about as wide as a phone's screen. */
export const THUMBNAIL_SIDE_PX = 256;
const THUMBNAIL = {
  width: THUMBNAIL_SIDE_PX,
  height: THUMBNAIL_SIDE_PX,
  fit: 'inside',
  withoutEnlargement: true,
} as const;
const THUMBNAIL_WEBP = { quality: 70, effort: 2 };

const BROKEN = 'The image is damaged or incomplete';

/** Both sides are given: by its width alone, a picture one pixel wide would grow a thousandfold. */
const PROBE = { width: 16, height: 16, fit: 'fill' } as const;

/** Reads the header without decoding pixels; `failOn: 'none'` accepts a part of a file. Throws NotAnImageError. */
export async function readHeader(
  bytes: Uint8Array,
  failOn: FailOnOptions = 'error',
): Promise<{ info: ImageInfo; metadata: Metadata }> {
  const signature = readSignature(bytes);
  if (signature === null) throw new NotAnImageError('unknown-format', 'Not an image');
  if ('unsupported' in signature) {
    const format = signature.unsupported;
    throw new NotAnImageError('unsupported-format', `${format} is not supported`, { format });
  }
  if (hasTooManyParts(bytes, signature.format)) throw new NotAnImageError('broken', BROKEN);
  // Reading a header allocates no pixels. With sharp's limit off, too many pixels can be told apart from a broken file.
  const metadata = await orBroken(sharp(decodable(bytes), { failOn, limitInputPixels: false }).metadata());
  if (metadata.format !== (signature.format === 'avif' ? 'heif' : signature.format)) {
    throw new NotAnImageError('broken', `It begins as ${signature.format} and is ${metadata.format}`);
  }
  const { width, height } = metadata.autoOrient;
  if (width * height > pixelLimitOf(signature.format)) {
    throw new NotAnImageError('too-many-pixels', `${width} × ${height} pixels are too many`);
  }
  return { info: describe(signature.format, width, height), metadata };
}

/** An image's description from its format and size. */
export function describe(format: ImageFormat, width: number, height: number): ImageInfo {
  const extension = format === 'jpeg' ? 'jpg' : format;
  return { format, mimeType: `image/${format}`, extension, width, height };
}

/** Turns sharp's decoding errors into a NotAnImageError. */
export async function orBroken<T>(decoded: Promise<T>): Promise<T> {
  try {
    return await decoded;
  } catch (cause) {
    throw new NotAnImageError('broken', BROKEN, { cause });
  }
}
