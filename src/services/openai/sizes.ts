import { familyOf, type Ratio, type Resolution } from '../request/models.ts';

interface Size {
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
 * The `size` of a create, such as `1536x1024`: the size that the model can make which is nearest to the ratio and has about
 * as many pixels as the resolution. Null if the model is to choose.
 */
export function sizeOf(request: {
  readonly model: string;
  readonly ratio: Ratio;
  readonly resolution: Resolution;
}): string | null {
  const { model, ratio, resolution } = request;
  // A higher resolution can only be asked for by a size.
  if (ratio === 'auto' && resolution === '1k') return null;
  const aspect = ratio === 'auto' ? 1 : aspectOf(ratio);
  const sizes = sizesOf(model);
  const { width, height } = 'only' in sizes ? nearest(sizes.only, aspect) : free(sizes, aspect, resolution);
  return `${width}x${height}`;
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
function free({ multipleOf, edgeMax, pixelsMax }: FreeSizes, aspect: number, resolution: Resolution): Size {
  const length = Math.max(aspect, 1 / aspect);
  const pixels = Math.min(PIXELS[resolution], pixelsMax);
  const side = (length: number, round: (number: number) => number) => round(length / multipleOf) * multipleOf;
  const short = side(Math.min(Math.sqrt(pixels / length), edgeMax / length), Math.round);
  const long = side(Math.min(short * length, edgeMax, pixelsMax / short), Math.floor);
  return aspect >= 1 ? { width: long, height: short } : { width: short, height: long };
}

function nearest(sizes: readonly Size[], aspect: number): Size {
  const distance = ({ width, height }: Size) => Math.abs(Math.log(width / height / aspect));
  return sizes.reduce((best, size) => (distance(size) < distance(best) ? size : best));
}

function aspectOf(ratio: Exclude<Ratio, 'auto'>): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width / height;
}
