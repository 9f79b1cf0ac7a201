import { type ModelId, QUALITIES, RATIOS, RESOLUTIONS } from '../../src/services/request/models.ts';
import type { ImageRequest } from '../../src/services/request/request.ts';

/** The service's page of each model, copied by hand, independently of the bot's table. */
export interface ModelPage {
  readonly ratios: readonly string[];
  readonly auto: 'always' | 'with references' | 'never';
  readonly ratiosAt4k?: readonly string[];
  /** Empty if the page has no such field. */
  readonly resolutions: readonly string[];
  readonly qualities: readonly string[];
  readonly references: number;
  readonly prompt?: number;
  readonly formats?: readonly string[];
  readonly transparent?: true;
  /** The values when the field is omitted. */
  readonly defaults: { readonly resolution?: string; readonly quality?: string };
}

const REFERENCE_PAGE = '1:1 3:2 2:3 4:3 3:4 5:4 4:5 16:9 9:16 2:1 1:2 3:1 1:3 21:9 9:21'.split(' ');
const GROK = '2:1 20:9 19.5:9 16:9 4:3 3:2 1:1 2:3 3:4 9:16 9:19.5 9:20 1:2'.split(' ');
const ALL_SIZES = ['1k', '2k', '4k'];

const nanoBanana = {
  ratios: REFERENCE_PAGE,
  auto: 'always',
  resolutions: ALL_SIZES,
  qualities: [],
  references: 5,
  defaults: { resolution: '1k' },
} as const;
const gpt25 = {
  ratios: REFERENCE_PAGE,
  auto: 'always',
  resolutions: ALL_SIZES,
  qualities: ['auto', 'low', 'medium', 'high', 'xhigh', 'max'],
  references: 16,
  formats: ['png', 'jpeg', 'webp'],
  transparent: true,
  defaults: { resolution: '1k', quality: 'auto' },
} as const;
const grok = {
  ratios: GROK,
  auto: 'with references',
  resolutions: ['1k', '2k'],
  qualities: [],
  references: 3,
  prompt: 5000,
  formats: ['jpeg', 'png', 'webp'],
  defaults: { resolution: '1k' },
} as const;

export const MODEL_PAGES: Record<string, ModelPage> = {
  'gpt-image-2': {
    ratios: REFERENCE_PAGE,
    auto: 'always',
    ratiosAt4k: ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'],
    resolutions: ALL_SIZES,
    qualities: ['low', 'medium', 'high'],
    references: 16,
    defaults: { resolution: '1k', quality: 'low' },
  },
  'gpt-image-2.5-flare': gpt25,
  'gpt-image-2.5-sunburst': gpt25,
  'gpt-image-1.5': {
    ratios: ['1:1', '2:3', '3:2'],
    auto: 'never',
    resolutions: [],
    qualities: ['auto', 'low', 'medium', 'high'],
    references: 15,
    formats: ['png', 'jpeg'],
    transparent: true,
    defaults: { quality: 'auto' },
  },
  'nano-banana': nanoBanana,
  'nano-banana-2': nanoBanana,
  'nano-banana-2.1': { ...nanoBanana, references: 8 },
  'nano-banana-pro': nanoBanana,
  'doubao-seedream-5-0-pro': {
    ratios: ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3', '21:9'],
    auto: 'always',
    resolutions: ['1k', '2k'],
    qualities: [],
    references: 10,
    defaults: { resolution: '2k' },
  },
  'grok-imagine-image': grok,
  'grok-imagine-image-2': {
    ...grok,
    qualities: ['low', 'medium'],
    defaults: { resolution: '1k', quality: 'medium' },
  },
};

/** A request's options as a person may combine them. */
export type Combination = Pick<ImageRequest, 'model' | 'ratio' | 'resolution' | 'quality'>;

/** Everything that a person may ask of a model. */
export function combinationsOf(model: ModelId): Combination[] {
  return RATIOS.flatMap((ratio) =>
    RESOLUTIONS.flatMap((resolution) =>
      [null, ...QUALITIES].map((quality) => ({ model, ratio, resolution, quality })),
    ),
  );
}

/**
 * The body's fields for a combination by the pages; null when the model can't make it. Every model accepts `auto`, and
 * a model without qualities ignores a quality.
 */
export function bodyByPage({ model, ratio, resolution, quality }: Combination, references = 0) {
  const page = MODEL_PAGES[model] as ModelPage;
  const sizes = page.resolutions.length > 0 ? page.resolutions : ['1k'];
  const shapes = (resolution === '4k' && page.ratiosAt4k) || ['auto', ...page.ratios];
  const hasQuality = page.qualities.length > 0;
  if (!sizes.includes(resolution) || !shapes.includes(ratio)) return null;
  if (hasQuality && quality !== null && !page.qualities.includes(quality)) return null;
  const isAutoSaid = page.auto === 'always' || (page.auto === 'with references' && references > 0);
  return {
    model,
    ...((ratio !== 'auto' || isAutoSaid) && { ratio }),
    ...(page.resolutions.length > 0 && { resolution }),
    ...(hasQuality && { quality: quality ?? page.defaults.quality }),
  };
}
