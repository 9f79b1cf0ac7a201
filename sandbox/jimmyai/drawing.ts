import { createHash, randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { drawCaption } from './caption.ts';
import { aspectOf, type PixelSize, pixelSize } from './pixel-size.ts';
import { seededRandom } from './random.ts';
import { drawScene } from './scene.ts';
import type { TaskPlan } from './tasks.ts';

/** The shorter side of every picture in SVG units, so that scene and caption look alike at any size. */
const SHORT_SIDE = 1000;
/** Noise of three bytes a pixel on this many pixels doesn't fit into 10 MiB of PNG. */
const HUGE_PIXELS = 1900 ** 2;

export interface DrawingOptions {
  /** Factor on each side's pixels; tests draw smaller. */
  pixelScale: number;
  /** Adds noise so that the PNG is larger than 10 MiB at any scale. */
  isHuge: boolean;
}

/**
 * Draws a task's result as a PNG: a landscape that depends on the prompt and the task, with the request written on it.
 */
export async function drawImage(
  { order, request, references }: Pick<TaskPlan, 'order' | 'request' | 'references'>,
  { pixelScale, isHuge }: DrawingOptions,
): Promise<Buffer<ArrayBuffer>> {
  const given = request.size;
  const aspect = given ? given.width / given.height : aspectOf(request.ratio, references[0]);
  const size = scaled(given ?? pixelSize(aspect, request.resolution), pixelScale, isHuge ? HUGE_PIXELS : 1);
  const width = SHORT_SIDE * Math.max(1, aspect);
  const height = SHORT_SIDE * Math.max(1, 1 / aspect);
  const random = seededRandom(hash(request.prompt), order);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"`,
    ` viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">`,
    drawScene({ width, height, pixelWidth: size.width }, random),
    drawCaption({ width, height }, request, references),
    '</svg>',
  ].join('');
  const isTransparent = request.background === 'transparent';
  const picture = isTransparent
    ? sharp(Buffer.from(svg)).ensureAlpha()
    : sharp(Buffer.from(svg)).removeAlpha();
  picture.composite([
    ...(isHuge ? [{ ...grain(size), blend: 'soft-light' as const }] : []),
    ...(isTransparent ? [{ input: oval(size), blend: 'dest-in' as const }] : []),
  ]);
  return await picture.png({ compressionLevel: isHuge ? 1 : 6 }).toBuffer();
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readInt32LE();
}

function scaled({ width, height }: PixelSize, scale: number, minPixels: number): PixelSize {
  const factor = Math.max(scale, Math.sqrt(minPixels / (width * height)));
  return { width: Math.ceil(width * factor), height: Math.ceil(height * factor) };
}

/** The mask of a picture without a background. */
function oval({ width, height }: PixelSize): Buffer {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><ellipse cx="50%" cy="50%" rx="48%" ry="48%"/></svg>`;
  return Buffer.from(svg);
}

function grain({ width, height }: PixelSize) {
  return { input: randomBytes(width * height * 3), raw: { width, height, channels: 3 as const } };
}
