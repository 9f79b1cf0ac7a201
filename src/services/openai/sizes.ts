import { familyOf, type Ratio, type Resolution } from '../request/models.ts';
import type { ImageRequest } from '../request/request.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sizes that a model can make: a list, or any within limits. */
type Sizes = { readonly only: readonly Size[] } | FreeSizes;
interface FreeSizes {
  readonly multipleOf: number;
  readonly edgeMax: number;
  readonly pixelsMax: number;
}

/**
 * The size for a create: the one that the model can make which is nearest to the ratio, and has about as many pixels as
 * the resolution. Null if the model is to choose. `only` are the sizes that its server has listed, if it has.
 */
export function sizeOf(
  { model, ratio, resolution }: Pick<ImageRequest, 'model' | 'ratio' | 'resolution'>,
  only: readonly Size[] | null = null,
): Size | null {
  // A higher resolution can only be asked for by a size.
  if (ratio === 'auto' && resolution === '1k') return null;
  const aspect = ratio === 'auto' ? 1 : aspectOf(ratio);
  const sizes = sizesOf(model);
  const pixels = PIXELS[resolution];
  const usual = 'only' in sizes ? nearest(sizes.only, aspect, pixels) : free(sizes, aspect, pixels);
  const listed = only && nearest(only, aspect, pixels);
  // A refusal costs nothing; an image of quite another shape does.
  return listed && isNear(listed, usual) ? listed : usual;
}

/** The sizes in a refusal that lists all those of the model, besides the one that it refuses. */
export function sizesIn(words: string, refused: Size): Size[] {
  if (IS_RANGE.test(words) || !IS_LIST.test(words)) return [];
  const sizes = Array.from(words.matchAll(SIZE), ([, width, height]) => ({
    width: Number(width),
    height: Number(height),
  }));
  return sizes.filter(({ width, height }) => width !== refused.width || height !== refused.height);
}

/** A size at the end of shortened words may lack digits. */
const SIZE = /\b(\d{3,4})\s*[x×*]\s*(\d{3,4})\b(?!…)/gi;
const IS_LIST = /support|allow|accept|valid|available|one of|should be|must be|expected/i;
const IS_RANGE = /between|at (?:least|most)|min(?:imum)?\b|max(?:imum)?\b|up to|range|multiple|divisible/i;

/** Whether a picture of this size is about as wide as the other. OpenAI's own 3:2 for 21:9 still is. */
export function isNear(one: Size, other: Size): boolean {
  return distance(one, other.width / other.height) < Math.log(1.6);
}

/** From OpenAI's reference of "Create image". Diffusion models want multiples of 64. */
function sizesOf(model: string): Sizes {
  const family = familyOf(model);
  if (/^gpt-image-[2-9]/.test(family)) return OF_GPT_IMAGE_2;
  if (/^(?:gpt-image|chatgpt-image)/.test(family)) return { only: OF_GPT_IMAGE_1 };
  if (/^dall-e-2/.test(family)) return { only: [{ width: 1024, height: 1024 }] };
  if (/^dall-e/.test(family)) return { only: OF_DALL_E_3 };
  return OF_OTHERS;
}

const OF_GPT_IMAGE_2: FreeSizes = { multipleOf: 16, edgeMax: 3840, pixelsMax: 3840 * 2160 };
const OF_OTHERS: FreeSizes = { multipleOf: 64, edgeMax: 4096, pixelsMax: 4096 * 4096 };

const OF_GPT_IMAGE_1: readonly Size[] = [
  { width: 1024, height: 1024 },
  { width: 1536, height: 1024 },
  { width: 1024, height: 1536 },
];
const OF_DALL_E_3: readonly Size[] = [
  { width: 1024, height: 1024 },
  { width: 1792, height: 1024 },
  { width: 1024, height: 1792 },
];

const PIXELS: Record<Resolution, number> = { '1k': 1024 * 1024, '2k': 2048 * 2048, '4k': 3840 * 2160 };

/** Rounds so that no side becomes relatively longer, and no limit is exceeded. */
function free({ multipleOf, edgeMax, pixelsMax }: FreeSizes, aspect: number, wanted: number): Size {
  const length = Math.max(aspect, 1 / aspect);
  const pixels = Math.min(wanted, pixelsMax);
  const side = (length: number, round: (number: number) => number) => round(length / multipleOf) * multipleOf;
  const short = side(Math.min(Math.sqrt(pixels / length), edgeMax / length), Math.round);
  const long = side(Math.min(short * length, edgeMax, pixelsMax / short), Math.floor);
  return aspect >= 1 ? { width: long, height: short } : { width: short, height: long };
}

/** By the shape, and among equal shapes by the number of pixels. */
function nearest(sizes: readonly Size[], aspect: number, pixels: number): Size {
  const rank = (size: Size) =>
    distance(size, aspect) * 1000 + Math.abs(Math.log((size.width * size.height) / pixels));
  return sizes.reduce((best, size) => (rank(size) < rank(best) ? size : best));
}

function distance({ width, height }: Size, aspect: number): number {
  return Math.abs(Math.log(width / height / aspect));
}

function aspectOf(ratio: Exclude<Ratio, 'auto'>): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
