import sharp, { type Sharp } from 'sharp';

/** Noise: the hardest picture to compress, so that a small one is already over a limit. */
export function noise(width: number, height: number): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
}

/** A picture as a file of this format, by whatever takes its encoder least time: no test looks at how well it is packed. */
export function fileOf(picture: Sharp, format: keyof typeof QUICKLY): Promise<Buffer> {
  return picture.toFormat(format, QUICKLY[format]).toBuffer();
}

const QUICKLY = {
  png: { compressionLevel: 1 },
  jpeg: {},
  webp: { effort: 0 },
  gif: { effort: 1 },
  avif: { effort: 0 },
} as const;

/** Red on the left, blue on the right. */
export function twoHalves(width: number, height: number): Sharp {
  const right = { create: { width: width / 2, height, channels: 3 as const, background: '#0000ff' } };
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: right, left: width / 2, top: 0 },
  ]);
}

/** Red, green, blue and, if present, alpha of one pixel, each 0–255. */
export async function pixelAt(image: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const start = (y * info.width + x) * info.channels;
  return [...data.subarray(start, start + info.channels)];
}
