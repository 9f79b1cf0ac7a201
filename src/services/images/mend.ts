import sharp from 'sharp';
import { pixelLimitOf, withMemoryFor } from './decoding.ts';
import { type ImageInfo, inspectImage, NotAnImageError, orBroken, readHeader } from './inspect.ts';

/**
 * A result as it can be shown. Where a checksum of a PNG's pixels is wrong and they are all there, it is written anew, so
 * that Discord shows it, too. Throws NotAnImageError.
 */
export async function showable(bytes: Buffer, person: string): Promise<{ bytes: Buffer; info: ImageInfo }> {
  try {
    return { bytes, info: await inspectImage(bytes, person) };
  } catch (error) {
    const isBroken = error instanceof NotAnImageError && error.kind === 'broken';
    if (!isBroken || bytes[0] !== PNG_FIRST_BYTE) throw error;
    const { info } = await readHeader(bytes);
    const options = { failOn: 'truncated', limitInputPixels: pixelLimitOf('png') } as const;
    const write = () => sharp(bytes, options).png().toBuffer();
    return { bytes: await orBroken(withMemoryFor(info, 'small', person, write)), info };
  }
}

const PNG_FIRST_BYTE = 0x89;
