/** The aspect ratios that the API takes, in its order. */
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
export type Ratio = (typeof RATIOS)[number];

/** From small to large. */
export const RESOLUTIONS = ['1k', '2k', '4k'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const QUALITIES = ['low', 'medium', 'high'] as const;
export type Quality = (typeof QUALITIES)[number];

interface Model {
  readonly label: string;
  /** Whether the API's `quality` means anything to it. */
  readonly takesQuality: boolean;
  readonly maxReferences: number;
  /** Resolutions at which it takes only some ratios; every other combination is taken. */
  readonly ratiosAt?: Partial<Record<Resolution, readonly Ratio[]>>;
  /** Seconds that half of its tasks stay under, as published; a quality multiplies where the model takes one. */
  readonly medianSeconds: Record<Resolution, number>;
  readonly qualityFactor?: Record<Quality, number>;
}

/** What each model can do. A new model of the service is one entry here. */
export const MODELS = {
  'gpt-image-2': {
    label: 'GPT Image 2',
    takesQuality: true,
    maxReferences: 16,
    ratiosAt: { '4k': ['16:9', '9:16', '2:1', '1:2', '21:9', '9:21'] },
    medianSeconds: { '1k': 15, '2k': 18, '4k': 25 },
    qualityFactor: { low: 1, medium: 4, high: 12 },
  },
  'nano-banana': {
    label: 'Nano Banana',
    takesQuality: false,
    maxReferences: 5,
    medianSeconds: { '1k': 8, '2k': 20, '4k': 30 },
  },
  'nano-banana-2': {
    label: 'Nano Banana 2',
    takesQuality: false,
    maxReferences: 5,
    medianSeconds: { '1k': 8, '2k': 20, '4k': 30 },
  },
  'nano-banana-pro': {
    label: 'Nano Banana Pro',
    takesQuality: false,
    maxReferences: 5,
    medianSeconds: { '1k': 20, '2k': 50, '4k': 90 },
  },
} as const satisfies Record<string, Model>;
export type ModelId = keyof typeof MODELS;

export const MODEL_IDS = Object.keys(MODELS) as ModelId[];

/** As people write it, in every language. */
export function resolutionLabel(resolution: Resolution): string {
  return resolution.toUpperCase();
}

/** The table's entry; a model that has left the table since its row was written is described by its id alone. */
export function modelOf(id: string): Model {
  const known: Partial<Record<string, Model>> = MODELS;
  return known[id] ?? { ...MODELS['nano-banana'], label: id };
}

/** How long such a task usually takes, in seconds: the published median. */
export function typicalSeconds(settings: { model: string; resolution: Resolution; quality: Quality | null }) {
  const model = modelOf(settings.model);
  return model.medianSeconds[settings.resolution] * (model.qualityFactor?.[settings.quality ?? 'low'] ?? 1);
}
