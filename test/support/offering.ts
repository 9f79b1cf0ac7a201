import type { Offer } from '../../src/services/request/defaults.ts';
import { MODEL_IDS, type ModelId } from '../../src/services/request/models.ts';

/** Offers every model, with this one as the default. */
export function offering(defaultModel: ModelId): Offer {
  return { models: MODEL_IDS, maskModels: ['gpt-image-1.5'], defaultModel };
}
