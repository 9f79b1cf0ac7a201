/** The aspect ratios that the API takes, in its order, with the words of its reference page as labels. */
export const RATIOS = {
  auto: 'Auto · the model decides',
  '1:1': '1:1 · square',
  '3:2': '3:2 · landscape',
  '2:3': '2:3 · portrait',
  '4:3': '4:3 · landscape',
  '3:4': '3:4 · portrait',
  '5:4': '5:4 · landscape',
  '4:5': '4:5 · portrait',
  '16:9': '16:9 · widescreen',
  '9:16': '9:16 · vertical',
  '2:1': '2:1 · landscape',
  '1:2': '1:2 · portrait',
  '3:1': '3:1 · wide landscape',
  '1:3': '1:3 · tall portrait',
  '21:9': '21:9 · ultrawide',
  '9:21': '9:21 · ultrawide vertical',
} as const;
export type Ratio = keyof typeof RATIOS;

export const RESOLUTIONS = { '1k': '1K', '2k': '2K', '4k': '4K' } as const;
export type Resolution = keyof typeof RESOLUTIONS;

export const QUALITIES = { low: 'Low', medium: 'Medium', high: 'High' } as const;
export type Quality = keyof typeof QUALITIES;

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

export const MODEL_LABELS = Object.fromEntries(
  Object.entries(MODELS).map(([id, { label }]) => [id, label]),
) as Record<ModelId, string>;

export const MODEL_IDS = Object.keys(MODELS) as ModelId[];

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
