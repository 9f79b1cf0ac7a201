import sharp from 'sharp';
import { decodeNothingElse } from '../../../src/services/images/decoding.ts';
import { CannotFitError, fitToLimit } from '../../../src/services/images/fit.ts';
import { inspectImage, NotAnImageError } from '../../../src/services/images/inspect.ts';
import { prepareReference } from '../../../src/services/images/reference.ts';
import { hostileImages } from './corpus.ts';

/** The report of a process that has handled every hostile image in every way, all at the same time. */
export interface Report {
  /** The outcomes of each image, by its name. */
  readonly became: Readonly<Record<string, readonly string[]>>;
  /** The errors of libvips for formats that the bot doesn't accept. */
  readonly ofOtherFormats: readonly string[];
  readonly peakMegabytes: number;
}

/** Small enough that most images have to be encoded again. */
const LIMIT_BYTES = 2000;
const WAYS = [inspectImage, prepareReference, (bytes: Buffer) => fitToLimit(bytes, LIMIT_BYTES)];

const images = await hostileImages();
const square = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } });
const others = [await square.tiff().toBuffer(), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')];
decodeNothingElse();

const became = Object.fromEntries(
  await Promise.all(
    Object.entries(images).map(async ([name, { bytes }]) => [
      name,
      await Promise.all(WAYS.map((way) => way(bytes).then(() => 'an image', kindOf))),
    ]),
  ),
);
const ofOtherFormats = await Promise.all(
  others.map((bytes) =>
    sharp(bytes)
      .metadata()
      .then(({ format }) => format, String),
  ),
);
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ became, ofOtherFormats, peakMegabytes } satisfies Report));

function kindOf(error: unknown): string {
  if (error instanceof NotAnImageError || error instanceof CannotFitError) return 'a refusal';
  return String(error);
}
