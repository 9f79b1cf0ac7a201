import type { Ratio, Resolution } from './models.ts';

export interface PixelSize {
  width: number;
  height: number;
}

const SQUARE_SIDE = { '1k': 1024, '2k': 2048, '4k': 4096 } as const satisfies Record<Resolution, number>;
const UHD = { width: 3840, height: 2160 } as const;

/**
 * The size of a result in pixels, for a shape given as width ÷ height. It has as many pixels as a square of this
 * resolution, but at 4k widescreen and longer shapes have as many as UHD.
 */
export function pixelSize(aspect: number, resolution: Resolution): PixelSize {
  const isWide = Math.max(aspect, 1 / aspect) >= UHD.width / UHD.height;
  const pixels = resolution === '4k' && isWide ? UHD.width * UHD.height : SQUARE_SIDE[resolution] ** 2;
  return { width: Math.round(Math.sqrt(pixels * aspect)), height: Math.round(Math.sqrt(pixels / aspect)) };
}

/** Width ÷ height of a ratio; `auto` follows the first reference within what the models draw, else 1. */
export function aspectOf(ratio: Ratio, firstReference?: PixelSize): number {
  if (ratio !== 'auto') {
    const [width, height] = ratio.split(':').map(Number) as [number, number];
    return width / height;
  }
  if (!firstReference) return 1;
  return Math.min(3, Math.max(1 / 3, firstReference.width / firstReference.height));
}
