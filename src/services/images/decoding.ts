import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { createSemaphore } from '../concurrency/semaphore.ts';
import type { ImageFormat } from './signature.ts';

/** As much memory as one picture may take: a file of 2 KB can ask for gigabytes. */
const MEMORY_BYTES = 512 * 1024 * 1024;
/** What a pixel takes of it, measured with files that are made to take as much as they can. */
const BYTES_PER_PIXEL = {
  decoded: { png: 8, jpeg: 4, webp: 5, gif: 5, avif: 32 } satisfies Record<ImageFormat, number>,
  written: { small: 0, lossy: 7, lossless: 40 },
};

interface Picture {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/** What is written of a picture: something small, or a WebP that may be as large as itself. */
export type Writing = keyof (typeof BYTES_PER_PIXEL)['written'];

/** The most pixels that such a picture may have: 64 million for a PNG, 128 for a JPEG, 16 for an AVIF. */
export function pixelLimitOf(format: ImageFormat, writing: Writing = 'small'): number {
  return Math.floor(MEMORY_BYTES / (BYTES_PER_PIXEL.decoded[format] + BYTES_PER_PIXEL.written[writing]));
}

/** How bytes from strangers are decoded: whole, or not at all. */
const DECODING: SharpOptions = { failOn: 'error', limitInputPixels: pixelLimitOf('jpeg') };

/** The longest that a decoder may work on one picture: what takes as long was made for it. */
const DECODING_MAX_SECONDS = 120;

/**
 * Decodes a picture and does with it what `use` says. A JPEG that lacks no more than the two bytes of its end is whole:
 * with them nothing is missing, where half a picture would only be cut off more neatly.
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
 * Rejects where anything is missing. The last row needs all rows before it, where a smaller picture skips some; and
 * sharp's `stats()` misses the error of the decoder now and then while other pictures are decoded.
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

/** The bytes as libvips knows them: it finds the still picture in an animated AVIF where that is called a still one. */
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

/** What takes no more is light: an image of 4K, a photo of 16 megapixels. It never waits for what is heavy. */
const LIGHT_BYTES = 72 * 1024 * 1024;

// There is one libvips in the process, and one memory. Of libuv's four threads one stays free for files and names.
const lanes = { light: createSemaphore(2), heavy: createSemaphore(1) };

/** Whose picture it is, where nobody is known. */
export const NOBODY = 'nobody';

/** Does what decodes this person's picture once there is memory for it. */
export function withMemoryFor<T>(
  { format, width, height }: Picture,
  writing: Writing,
  person: string,
  work: () => Promise<T>,
): Promise<T> {
  const bytes = (MEMORY_BYTES * width * height) / pixelLimitOf(format, writing);
  return lanes[bytes <= LIGHT_BYTES ? 'light' : 'heavy'](1, person, work);
}

/** Takes all that we don't decode away from libvips, for the whole process: it reads many formats more, SVG among them. */
export function decodeNothingElse(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`);
