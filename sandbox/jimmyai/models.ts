import { type KnownModelId, MODEL_IDS, MODELS, type Model } from '../../src/services/request/models.ts';

export {
  QUALITIES,
  type Quality,
  RATIOS,
  type Ratio,
  RESOLUTIONS,
  type Resolution,
} from '../../src/services/request/models.ts';

/** The bot's own table of models, which a test compares with the service's pages. */
export type ModelName = KnownModelId;
export const MODEL_NAMES = MODEL_IDS;

export function modelNamed(name: ModelName): Model {
  return MODELS[name];
}
