import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

/** A PNG of this many bytes or a little more: noise can't be compressed. */
export function picture(bytes: number): Promise<Buffer> {
  const side = Math.ceil(Math.sqrt(bytes / 3));
  const raw = { width: side, height: side, channels: 3 } as const;
  return sharp(randomBytes(side * side * 3), { raw })
    .png()
    .toBuffer();
}
