import sharp from 'sharp';
import { pointsToGps } from './exif.ts';
import { BadParameters } from './rules.ts';
import type { ReadFile } from './served-file.ts';

/** A received reference image, about which tests make assertions. */
export interface Reference {
  readonly source: 'data URI' | 'base64' | 'url' | 'file';
  readonly bytes: Buffer;
  readonly mime: string;
  /** As displayed: EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly hasExif: boolean;
  readonly hasGps: boolean;
  readonly hasXmp: boolean;
  /** PNG, at most 256 pixels a side, for the result's picture. */
  readonly thumbnail: Buffer;
}

/** The files of this server; it fetches from no other. */
interface OwnFiles {
  origin: string;
  readFile: ReadFile;
}

/** Decodes the `images` of a create request. Throws BadParameters for anything that isn't an image. */
export async function readReferences(images: readonly string[], ownFiles: OwnFiles): Promise<Reference[]> {
  return await Promise.all(
    images.map(async (image, index) => {
      const field = `images.${index}`;
      const { source, bytes, declaredMime } = await receive(image, field, ownFiles);
      const reference = await decodeReference(bytes, field);
      if (declaredMime && declaredMime !== reference.mime) {
        throw new BadParameters(`${field}: declared as ${declaredMime} but is ${reference.mime}`);
      }
      return { source, ...reference };
    }),
  );
}

async function receive(
  image: string,
  field: string,
  { origin, readFile }: OwnFiles,
): Promise<{ source: Reference['source']; bytes: Buffer; declaredMime?: string }> {
  if (URL.canParse(image) && /^https?:/i.test(image)) {
    const url = new URL(image);
    const file = url.origin === origin ? await readFile(url.pathname) : null;
    if (!file) throw new BadParameters(`${field}: can't be fetched`);
    return { source: 'url', bytes: file.bytes };
  }
  const [, declaredMime, data = image] = /^data:([^;,]+);base64,(.*)$/s.exec(image) ?? [];
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    throw new BadParameters(`${field}: neither an http(s) URL nor base64`);
  }
  const bytes = Buffer.from(data, 'base64');
  return declaredMime ? { source: 'data URI', bytes, declaredMime } : { source: 'base64', bytes };
}

/** A mask has alpha, and the size of the first reference. Throws BadParameters. */
export async function checkMask(mask: Reference | undefined, first: Reference | undefined): Promise<void> {
  const { hasAlpha } = await sharp(mask?.bytes).metadata();
  if (!hasAlpha) throw new BadParameters('mask_url: has no alpha channel');
  if (mask?.width !== first?.width || mask?.height !== first?.height)
    throw new BadParameters('mask_url: its size differs from the first image');
}

/** Decodes a reference. Throws BadParameters where it isn't an image. */
export async function decodeReference(bytes: Buffer, field: string): Promise<Omit<Reference, 'source'>> {
  try {
    const { mediaType = 'application/octet-stream', autoOrient, exif, xmp } = await sharp(bytes).metadata();
    const thumbnail = await sharp(bytes, { failOn: 'error' })
      .autoOrient()
      .resize(256, 256, { fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer();
    return {
      bytes,
      mime: mediaType,
      width: autoOrient.width,
      height: autoOrient.height,
      hasExif: exif !== undefined,
      hasGps: exif !== undefined && pointsToGps(exif),
      hasXmp: xmp !== undefined,
      thumbnail,
    };
  } catch (cause) {
    throw new BadParameters(`${field}: not an image that can be decoded`, { cause });
  }
}
