import { MODEL_IDS, MODELS, type Model, type ModelId } from '../../src/services/request/models.ts';

export {
  QUALITIES,
  type Quality,
  RATIOS,
  type Ratio,
  RESOLUTIONS,
  type Resolution,
} from '../../src/services/request/models.ts';

/** What each model takes: the bot's own table, which a test compares with the service's pages. */
export type ModelName = ModelId;
export const MODEL_NAMES = MODEL_IDS;

export function modelNamed(name: ModelName): Model {
  return MODELS[name];
}

/** Coins of one image at 1k. Invented: the service's prices differ by account. */
export function coinsOf(name: ModelName): number {
  const coins: Partial<Record<ModelName, number>> = COINS;
  return coins[name] ?? OTHERS_COINS;
}

const COINS = { 'gpt-image-2': 10, 'nano-banana': 4, 'nano-banana-2': 6, 'nano-banana-pro': 12 } as const;
const OTHERS_COINS = 8;
