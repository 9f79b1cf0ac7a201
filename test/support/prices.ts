import { type KnownModelId, MODEL_IDS } from '../../src/services/request/models.ts';
import { type BotOnSandbox, until } from './bot-on-sandbox.ts';

/** Waits until the bot has read the service's price list, by which it tells what things cost. */
export async function pricesRead(on: BotOnSandbox): Promise<void> {
  await until(() => on.bot().log.some(({ msg }) => msg.includes('public prices were read')));
}

/** A table of prices in which each model costs the same. */
export function everyModelAt(coins: number): Record<KnownModelId, number> {
  return Object.fromEntries(MODEL_IDS.map((id) => [id, coins])) as Record<KnownModelId, number>;
}
