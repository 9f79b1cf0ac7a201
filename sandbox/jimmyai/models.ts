/** What the reference page (Create Image Task) lets a request say. */
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
] as const;
export const RESOLUTIONS = ['1k', '2k', '4k'] as const;
export const QUALITIES = ['low', 'medium', 'high'] as const;

export type Ratio = (typeof RATIOS)[number];
export type Resolution = (typeof RESOLUTIONS)[number];
export type Quality = (typeof QUALITIES)[number];

interface Model {
  maxReferences: number;
  takesQuality: boolean;
  ratiosAt4k: readonly Ratio[];
  /** Invented: the service's prices are not published per model. */
  coins: number;
  medianSeconds(resolution: Resolution, quality: Quality): number;
}

/** Median durations lie inside the published measurements of each model. */
export const MODELS = {
  'gpt-image-2': {
    maxReferences: 16,
    takesQuality: true,
    ratiosAt4k: ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'],
    coins: 10,
    medianSeconds: (_resolution, quality) => ({ low: 15, medium: 60, high: 170 })[quality],
  },
  'nano-banana': {
    maxReferences: 5,
    takesQuality: false,
    ratiosAt4k: RATIOS,
    coins: 4,
    medianSeconds: (resolution) => ({ '1k': 8, '2k': 20, '4k': 30 })[resolution],
  },
  'nano-banana-2': {
    maxReferences: 5,
    takesQuality: false,
    ratiosAt4k: RATIOS,
    coins: 6,
    medianSeconds: (resolution) => ({ '1k': 8, '2k': 20, '4k': 30 })[resolution],
  },
  'nano-banana-pro': {
    maxReferences: 5,
    takesQuality: false,
    ratiosAt4k: RATIOS,
    coins: 12,
    medianSeconds: (resolution) => ({ '1k': 20, '2k': 50, '4k': 90 })[resolution],
  },
} as const satisfies Record<string, Model>;

export type ModelName = keyof typeof MODELS;
