import sharp from 'sharp';
import type { ServedFile } from '../served-file.ts';
import type { RemoveBackgroundRequest, UpscaleRequest } from './rules.ts';

/** The service splits or reduces what would be larger (docs: images/upscale). */
const LONGEST_SIDE_PX = 10_000;
const TARGET_PX = { '720p': 720, '1080p': 1080, '1440p': 1440, '2160p': 2160 } as const;
const FORMATS = { jpg: 'jpeg', png: 'png', webp: 'webp' } as const;

/** The same picture, larger. */
export async function upscaled(source: Buffer, request: UpscaleRequest): Promise<ServedFile> {
  const { width, height } = await sharp(source).metadata();
  const wanted =
    request.upscale_mode === 'factor'
      ? request.upscale_factor
      : TARGET_PX[request.target_resolution] / Math.min(width, height);
  const factor = Math.min(wanted, LONGEST_SIDE_PX / Math.max(width, height));
  const format = FORMATS[request.output_format];
  const bytes = await sharp(source)
    .resize(Math.round(width * factor), Math.round(height * factor))
    .toFormat(format)
    .toBuffer();
  return { bytes: Buffer.from(bytes), mime: `image/${format}` };
}

/** What is left of a picture without its background: here, an oval of it. */
export async function withoutBackground(
  source: Buffer,
  { output_format: format }: RemoveBackgroundRequest,
): Promise<ServedFile> {
  const { width, height } = await sharp(source).metadata();
  const oval = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="50%" cy="50%" rx="40%" ry="40%"/></svg>`;
  const bytes = await sharp(source)
    .ensureAlpha()
    .composite([{ input: Buffer.from(oval), blend: 'dest-in' }])
    .toFormat(format)
    .toBuffer();
  return { bytes: Buffer.from(bytes), mime: `image/${format}` };
}

/** How often the picture was worked on, which is what is billed. */
export function passesOf({ upscale_mode: mode, upscale_factor: factor }: UpscaleRequest): number {
  if (mode === 'target' || factor <= 4) return 1;
  return factor <= 10 ? 2 : 3;
}
