/** Every aspect ratio that any model accepts; `auto` leaves it to the model. */
export const RATIOS = [
  'auto',
  '1:1',
  '3:2',
  '2:3',
  '4:3',
  '3:4',
  '5:4',
  '4:5',
  '16:9',
  '9:16',
  '2:1',
  '1:2',
  '3:1',
  '1:3',
  '21:9',
  '9:21',
  '20:9',
  '9:20',
  '19.5:9',
  '9:19.5',
] as const;
export type Ratio = (typeof RATIOS)[number];

/** From small to large. */
export const RESOLUTIONS = ['1k', '2k', '4k'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** From low to high. */
export const QUALITY_LEVELS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
/** `auto` leaves it to the model, which may choose any of them. */
export const QUALITIES = ['auto', ...QUALITY_LEVELS] as const;
export type QualityLevel = (typeof QUALITY_LEVELS)[number];
export type Quality = (typeof QUALITIES)[number];

/** A file format that a model can be asked for. */
export type OutputFormat = 'png' | 'jpeg' | 'webp';

/** The abilities of a model, from its page in the service's documentation. */
export interface Model {
  readonly label: string;
  /** `auto` works for every model: if the model doesn't have that value, the field is left out. */
  readonly ratios: readonly Ratio[];
  readonly takesAuto: 'always' | 'with references' | 'never';
  /** The ratios at resolutions that have only some of them. */
  readonly ratiosAt?: Partial<Record<Resolution, readonly Ratio[]>>;
  readonly resolutions: readonly Resolution[];
  /** The model ignores the API's `resolution` and always makes the same size. */
  readonly hasOneSize?: true;
  /** Empty when the model ignores the API's `quality`. */
  readonly qualities: readonly Quality[];
  readonly defaults: {
    readonly ratio: Ratio;
    readonly resolution: Resolution;
    /** Null when it has none. */
    readonly quality: Quality | null;
  };
  readonly maxReferences: number;
  /** The references that it accepts: the shorter side in pixels, and how many times longer the other may be. */
  readonly referenceShape?: { readonly minSidePx: number; readonly maxRatio: number };
  /** By JimmyAI's API it takes a mask beside the first reference. By OpenAI's, every model that takes references does. */
  readonly takesMask?: true;
  /** Null when the page names no limit. */
  readonly maxPromptCharacters: number | null;
  /** Empty when the model ignores the API's `output_format`. */
  readonly formats: readonly OutputFormat[];
  /** Whether it can make images without a background. */
  readonly makesTransparent: boolean;
  /** The median duration of its tasks in seconds; multiplied for each quality if the model has any. */
  readonly medianSeconds: Partial<Record<Resolution, number>>;
  readonly qualityFactor?: Partial<Record<Quality, number>>;
  /** Its names in the service's price list: the id, then the options that decide the price. */
  readonly billing: {
    readonly by: readonly ('resolution' | 'quality')[];
    readonly suffix?: string;
    /** The billing name of additional references, and how many are free. */
    readonly references?: { readonly name: string; readonly free: number };
  };
}

const COMMON_RATIOS = RATIOS.slice(1, RATIOS.indexOf('9:21') + 1);
const WIDE_RATIOS = ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'] as const;
const ANY_RATIO = { ratios: COMMON_RATIOS, takesAuto: 'always' } as const;
const AT_1K = { ratio: 'auto', resolution: '1k', quality: null } as const;

const NANO_BANANA = {
  ...ANY_RATIO,
  resolutions: RESOLUTIONS,
  qualities: [],
  defaults: AT_1K,
  maxReferences: 5,
  maxPromptCharacters: null,
  formats: [],
  makesTransparent: false,
  medianSeconds: { '1k': 8, '2k': 20, '4k': 30 },
  billing: { by: [] },
} as const;

const GPT_IMAGE_2_5 = {
  ...ANY_RATIO,
  resolutions: RESOLUTIONS,
  qualities: QUALITIES,
  defaults: { ...AT_1K, quality: 'auto' },
  maxReferences: 16,
  maxPromptCharacters: null,
  formats: ['png', 'jpeg', 'webp'],
  makesTransparent: true,
  billing: { by: [], suffix: 'async' },
} as const;

const GROK_IMAGINE = {
  ratios: [
    '2:1',
    '20:9',
    '19.5:9',
    '16:9',
    '4:3',
    '3:2',
    '1:1',
    '2:3',
    '3:4',
    '9:16',
    '9:19.5',
    '9:20',
    '1:2',
  ],
  takesAuto: 'with references',
  resolutions: ['1k', '2k'],
  qualities: [],
  defaults: AT_1K,
  maxReferences: 3,
  maxPromptCharacters: 5000,
  formats: ['jpeg', 'png', 'webp'],
  makesTransparent: false,
  medianSeconds: { '1k': 10, '2k': 15 },
  billing: { by: [] },
} as const;

/**
 * All models; a new model of the service is one entry here. The service doesn't publish how long the newer ones take,
 * so the durations are guesses from similar models until the bot has measured some.
 */
export const MODELS = {
  'gpt-image-2': {
    ...ANY_RATIO,
    label: 'GPT Image 2',
    ratiosAt: { '4k': WIDE_RATIOS },
    resolutions: RESOLUTIONS,
    qualities: ['low', 'medium', 'high'],
    defaults: { ...AT_1K, quality: 'low' },
    maxReferences: 16,
    maxPromptCharacters: null,
    formats: [],
    makesTransparent: false,
    medianSeconds: { '1k': 15, '2k': 18, '4k': 25 },
    qualityFactor: { low: 1, medium: 4, high: 12 },
    billing: { by: ['quality'] },
  },
  'gpt-image-2.5-flare': {
    ...GPT_IMAGE_2_5,
    label: 'GPT Image 2.5 Flare',
    medianSeconds: { '1k': 20, '2k': 25, '4k': 35 },
    qualityFactor: { low: 0.7, medium: 1, high: 2, xhigh: 3, max: 4 },
  },
  'gpt-image-2.5-sunburst': {
    ...GPT_IMAGE_2_5,
    label: 'GPT Image 2.5 Sunburst',
    medianSeconds: { '1k': 40, '2k': 50, '4k': 70 },
    qualityFactor: { low: 0.5, medium: 1, high: 2, xhigh: 3, max: 4 },
  },
  'gpt-image-1.5': {
    label: 'GPT Image 1.5',
    ratios: ['1:1', '2:3', '3:2'],
    takesAuto: 'never',
    resolutions: ['1k'],
    hasOneSize: true,
    qualities: ['auto', 'low', 'medium', 'high'],
    defaults: { ratio: '1:1', resolution: '1k', quality: 'auto' },
    maxReferences: 15,
    takesMask: true,
    maxPromptCharacters: null,
    formats: ['png', 'jpeg'],
    makesTransparent: true,
    medianSeconds: { '1k': 30 },
    qualityFactor: { low: 0.5, medium: 1, high: 2 },
    billing: { by: ['quality'] },
  },
  'nano-banana': { ...NANO_BANANA, label: 'Nano Banana' },
  'nano-banana-2': { ...NANO_BANANA, label: 'Nano Banana 2' },
  'nano-banana-2.1': { ...NANO_BANANA, label: 'Nano Banana 2.1', maxReferences: 8 },
  'nano-banana-pro': {
    ...NANO_BANANA,
    label: 'Nano Banana Pro',
    medianSeconds: { '1k': 20, '2k': 50, '4k': 90 },
  },
  'doubao-seedream-5-0-pro': {
    label: 'Seedream 5.0 Pro',
    ratios: ['1:1', '4:3', '3:4', '16:9', '9:16', '3:2', '2:3', '21:9'],
    takesAuto: 'always',
    resolutions: ['1k', '2k'],
    qualities: [],
    defaults: { ratio: '1:1', resolution: '2k', quality: null },
    maxReferences: 10,
    referenceShape: { minSidePx: 15, maxRatio: 16 },
    maxPromptCharacters: null,
    formats: [],
    makesTransparent: false,
    medianSeconds: { '1k': 90, '2k': 160 },
    billing: { by: ['resolution'], references: { name: 'doubao-seedream-5-0-pro-ref', free: 1 } },
  },
  'grok-imagine-image': { ...GROK_IMAGINE, label: 'Grok Imagine' },
  'grok-imagine-image-2': {
    ...GROK_IMAGINE,
    label: 'Grok Imagine 2',
    qualities: ['low', 'medium'],
    defaults: { ...AT_1K, quality: 'medium' },
    qualityFactor: { low: 0.7, medium: 1 },
    billing: { by: ['resolution', 'quality'], references: { name: 'grok-imagine-image-2', free: 0 } },
  },
} as const satisfies Record<string, Model>;
export type KnownModelId = keyof typeof MODELS;
/** A model of the table, or any other name that the host lists for their own service. */
export type ModelId = string;

export const MODEL_IDS = Object.keys(MODELS) as KnownModelId[];

/** The way people write it in every language. */
export function resolutionLabel(resolution: Resolution): string {
  return resolution.toUpperCase();
}

/**
 * The entry of the table; for a dated version, or a name with a gateway's prefix, the entry of its family. A model that
 * the table doesn't have, because somebody hosts it or because it is gone, is expected to do what most can.
 */
export function modelOf(id: string): Model {
  return isKnown(id) ? MODELS[id] : { ...familyEntry(familyOf(id)), label: id };
}

export function isKnown(id: string): id is KnownModelId {
  return Object.hasOwn(MODELS, id);
}

/** The name without prefix and date: `gpt-image-2` for `openai/gpt-image-2-2026-04-21`. */
export function familyOf(id: string): string {
  const name = id.slice(id.lastIndexOf('/') + 1).toLowerCase();
  return name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
}

function familyEntry(family: string): Model {
  if (isKnown(family)) return MODELS[family];
  if (/^gpt-image-2\.\d/.test(family)) return MODELS['gpt-image-2.5-flare'];
  if (/^(?:gpt-image|chatgpt-image)/.test(family)) return MODELS['gpt-image-1.5'];
  if (/^dall-e-2/.test(family)) return { ...DALL_E, ratios: ['1:1'], maxReferences: 1 };
  return /^dall-e/.test(family) ? DALL_E : GENERAL;
}

/** What most servers that people host themselves accept. Their durations depend on the machine, so they are learned. */
const GENERAL: Model = {
  ...ANY_RATIO,
  label: 'any',
  takesAuto: 'never',
  resolutions: ['1k', '2k'],
  qualities: [],
  defaults: AT_1K,
  maxReferences: 4,
  maxPromptCharacters: null,
  formats: [],
  makesTransparent: false,
  medianSeconds: {},
  billing: { by: [] },
};

const DALL_E: Model = {
  ...GENERAL,
  ratios: ['1:1', '16:9', '9:16'],
  resolutions: ['1k'],
  hasOneSize: true,
  defaults: { ...AT_1K, ratio: '1:1' },
  maxReferences: 0,
  medianSeconds: { '1k': 15 },
};

/** The ratios that a model accepts at a resolution, `auto` first if it is among them. */
export function ratiosAt(id: string, resolution: Resolution): readonly Ratio[] {
  const { ratios, ratiosAt } = modelOf(id);
  return ratiosAt?.[resolution] ?? ['auto', ...ratios];
}

/** Whether a model accepts a reference of this size, in pixels. */
export function takesShape(id: string, { width, height }: { width: number; height: number }): boolean {
  const { referenceShape } = modelOf(id);
  if (!referenceShape) return true;
  const [short, long] = width < height ? [width, height] : [height, width];
  return short >= referenceShape.minSidePx && long <= short * referenceShape.maxRatio;
}

/** The usual duration of such a task, in seconds. */
export function typicalSeconds(settings: { model: string; resolution: Resolution; quality: Quality | null }) {
  const { medianSeconds, qualityFactor, defaults } = modelOf(settings.model);
  const seconds = medianSeconds[settings.resolution] ?? medianSeconds[defaults.resolution] ?? 0;
  return seconds * (qualityFactor?.[settings.quality ?? defaults.quality ?? 'auto'] ?? 1);
}

/** The names that such an image may have in the service's price list, the most specific first. */
export function billingNames(settings: {
  model: string;
  resolution: Resolution;
  quality: Quality | null;
}): string[] {
  const { by, suffix } = modelOf(settings.model).billing;
  const parts = by.map((part) => settings[part]).filter((part) => part !== null && part !== 'auto');
  const names = [...parts.keys(), parts.length].map((count) => [settings.model, ...parts.slice(0, count)]);
  return names
    .reverse()
    .map((name) => [...name, ...(suffix ? [suffix] : [])].join('-'))
    .concat(suffix ? [settings.model] : []);
}
