import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { createSemaphore } from '../concurrency/semaphore.ts';
import type { ImageFormat } from './signature.ts';

/** The most memory that decoding one picture may take: a file of 2 KB can ask for gigabytes. */
const MEMORY_BYTES = 512 * 1024 * 1024;
/** The memory that one pixel takes, measured with files made to take as much as possible. */
const BYTES_PER_PIXEL = {
  decoded: { png: 8, jpeg: 4, webp: 5, gif: 5, avif: 32 } satisfies Record<ImageFormat, number>,
  written: { small: 0, lossy: 7, lossless: 40 },
};

interface Picture {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/** The output that is encoded from a picture: something small, or a WebP that may have just as many pixels. */
export type Writing = keyof (typeof BYTES_PER_PIXEL)['written'];

/** The most pixels that a picture of this format may have: 64 million for a PNG, 128 for a JPEG, 16 for an AVIF. */
export function pixelLimitOf(format: ImageFormat, writing: Writing = 'small'): number {
  return Math.floor(MEMORY_BYTES / (BYTES_PER_PIXEL.decoded[format] + BYTES_PER_PIXEL.written[writing]));
}

/** Bytes from strangers are decoded completely, or not at all. */
const DECODING: SharpOptions = { failOn: 'error', limitInputPixels: pixelLimitOf('jpeg') };

/** The longest that a decoder may work on one picture: only a file made to block it takes longer. */
const DECODING_MAX_SECONDS = 120;

/**
 * Decodes a picture with `use`. A JPEG that lacks only its two-byte end marker counts as complete: the decoder accepts
 * it once the marker is added, which doesn't help half a picture.
 */
export async function decode<T>(bytes: Uint8Array, use: (image: Sharp) => Promise<T>): Promise<T> {
  const from = (file: Uint8Array, options: SharpOptions) =>
    use(sharp(file, options).timeout({ seconds: DECODING_MAX_SECONDS }));
  try {
    return await from(decodable(bytes), DECODING);
  } catch (error) {
    if (bytes[0] !== 0xff) throw error;
    const ended = Buffer.concat([bytes, JPEG_END]);
    await decodeToTheEnd(ended);
    return await from(ended, DECODING);
  }
}

const JPEG_END = Buffer.from([0xff, 0xd9]);

/**
 * Rejects when any part is missing. Extracting the last row makes the decoder read every row, whereas shrinking skips
 * some. sharp's `stats()` now and then misses the decoder's error while other pictures are decoded.
 */
async function decodeToTheEnd(jpeg: Uint8Array): Promise<void> {
  const options: SharpOptions = { ...DECODING, failOn: 'warning' };
  const { width, height } = await sharp(jpeg, options).metadata();
  await sharp(jpeg, options)
    .extract({ left: 0, top: height - 1, width, height: 1 })
    .timeout({ seconds: DECODING_MAX_SECONDS })
    .raw()
    .toBuffer();
}

/**
 * The bytes in a form that libvips accepts: it decodes an animated AVIF's still picture only if the file is named a
 * still one.
 */
export function decodable(bytes: Uint8Array): Uint8Array {
  if (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString('latin1', 4) !==
    'ftypavis'
  )
    return bytes;
  const still = Buffer.from(bytes);
  still.write('ftypavif', 4, 'latin1');
  return still;
}

/** Pictures up to this much memory (a 4K image, a photo of 16 megapixels) are light, and never wait for heavy ones. */
const LIGHT_BYTES = 72 * 1024 * 1024;

// Module state, because the process has one libvips and one memory. One of libuv's four threads stays free for files
// and DNS.
const lanes = { light: createSemaphore(2), heavy: createSemaphore(1) };

/** The owner of pictures that belong to no known person. */
export const NOBODY = 'nobody';

/** Runs `work`, which decodes this person's picture, once there is memory for it. */
export function withMemoryFor<T>(
  { format, width, height }: Picture,
  writing: Writing,
  person: string,
  work: () => Promise<T>,
): Promise<T> {
  const bytes = (MEMORY_BYTES * width * height) / pixelLimitOf(format, writing);
  return lanes[bytes <= LIGHT_BYTES ? 'light' : 'heavy'](1, person, work);
}

/** Blocks every other decoder of libvips for the whole process: it reads many more formats, SVG among them. */
export function decodeNothingElse(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`);
