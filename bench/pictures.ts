import sharp from 'sharp';

/** A PNG of noise, which hardly compresses: about three bytes a pixel. */
export function picture({ width, height }: { width: number; height: number }): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#888', noise } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
