import type { DatabaseSync } from 'node:sqlite';
import { prepareAll } from './statements.ts';

const SQL = {
  of: `SELECT guild_id AS guildId, model, coins, charged_at AS chargedAt FROM charges WHERE user_id = ?
       ORDER BY charged_at`,
  forgetBefore: 'DELETE FROM charges WHERE charged_at < ?',
} as const;

/** What one image counted towards the limits. */
export interface Charge {
  readonly guildId: string | null;
  readonly model: string;
  readonly coins: number;
  readonly chargedAt: number;
}

/** What counts towards the limits per day. It outlives the generations, and is written with them. */
export interface ChargeLedger {
  /** The person's, oldest first. */
  of(userId: string): Promise<Charge[]>;
  forgetBefore(before: number): Promise<void>;
}

export function createChargeLedger(db: DatabaseSync): ChargeLedger {
  const statements = prepareAll(db, SQL);
  return {
    of: async (userId) => statements.of.all(userId) as unknown as Charge[],
    async forgetBefore(before) {
      statements.forgetBefore.run(before);
    },
  };
}
