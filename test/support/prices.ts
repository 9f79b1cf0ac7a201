import { type KnownModelId, MODEL_IDS } from '../../src/services/request/models.ts';

/** A table of prices in which each model costs the same. */
export function everyModelAt(coins: number): Record<KnownModelId, number> {
  return Object.fromEntries(MODEL_IDS.map((id) => [id, coins])) as Record<KnownModelId, number>;
}
