import sharp, { type SharpOptions } from 'sharp';
import { createGate } from '../gate.ts';
import type { ImageFormat } from './signature.ts';

/** As much memory as pictures may take together: a file of 2 KB can ask for gigabytes. */
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

/** How bytes from strangers are decoded: whole and sound, or not at all. */
export const DECODING: SharpOptions = { failOn: 'error', limitInputPixels: pixelLimitOf('jpeg') };

// There is one libvips in the process, and one memory.
const gate = createGate(MEMORY_BYTES);

/** Does what decodes this picture once there is memory for it. */
export function withMemoryFor<T>(
  { format, width, height }: Picture,
  writing: Writing,
  work: () => Promise<T>,
): Promise<T> {
  return gate((MEMORY_BYTES * width * height) / pixelLimitOf(format, writing), work);
}

/** Takes all that we don't decode away from libvips, for the whole process: it reads many formats more, SVG among them. */
export function decodeNothingElse(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`);
