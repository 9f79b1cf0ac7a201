import type { DatabaseSync } from 'node:sqlite';
import type { Write } from './group-commit.ts';
import { prepareAll } from './statements.ts';

const SQL = {
  of: `SELECT guild_id AS guildId, model, coins, charged_at AS chargedAt FROM charges WHERE user_id = ?
       ORDER BY charged_at`,
  forgetBefore: `DELETE FROM charges WHERE task_id IN (
                   SELECT task_id FROM charges WHERE charged_at < :before ORDER BY charged_at LIMIT :limit)`,
} as const;

const ROWS_PER_STEP = 100;

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

export function createChargeLedger(db: DatabaseSync, write: Write): ChargeLedger {
  const statements = prepareAll(db, SQL);
  return {
    of: async (userId) => statements.of.all(userId) as unknown as Charge[],
    async forgetBefore(before) {
      const step = () => Number(statements.forgetBefore.run({ before, limit: ROWS_PER_STEP }).changes);
      while ((await write(step)) === ROWS_PER_STEP);
    },
  };
}
