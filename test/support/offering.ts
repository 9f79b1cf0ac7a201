import type { Offer } from '../../src/services/request/defaults.ts';
import { MODEL_IDS, type ModelId } from '../../src/services/request/models.ts';

/** Every model is offered, and this one is made where nobody chooses. */
export function offering(defaultModel: ModelId): Offer {
  return { models: MODEL_IDS, defaultModel };
}
