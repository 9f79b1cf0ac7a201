import { MODEL_IDS, type ModelId } from '../../src/services/request/models.ts';

/** A table of prices in which each model costs the same. */
export function everyModelAt(coins: number): Record<ModelId, number> {
  return Object.fromEntries(MODEL_IDS.map((id) => [id, coins])) as Record<ModelId, number>;
}
