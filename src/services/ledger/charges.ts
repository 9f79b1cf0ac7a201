import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';

const SQL = {
  of: `SELECT guild_id AS "guildId", model, coins, charged_at AS "chargedAt" FROM charges WHERE user_id = :userId AND charged_at >= :from
       ORDER BY charged_at LIMIT :limit OFFSET :skipped`,
  forgetBefore: `DELETE FROM charges WHERE task_id IN (
                   SELECT task_id FROM charges WHERE charged_at < :before ORDER BY charged_at LIMIT :limit)`,
  forgetSums: "DELETE FROM charge_sums WHERE guild_id = '' AND starts_at < :before",
} as const;

const ROWS_PER_STEP = 100;
const ROWS_READ_PER_STEP = 1000;

/** The charge of one image against the limits: its cost, or the expected cost. */
export interface Charge {
  readonly guildId: string | null;
  readonly model: string;
  readonly coins: number;
  readonly chargedAt: number;
}

/** The charges that count towards the limits per day. They are written with the generations, but outlive them. */
export interface ChargeLedger {
  /** The person's charges, oldest first. */
  of(userId: string): Promise<Charge[]>;
  /** Stops between two steps once the signal is aborted. */
  forgetBefore(before: number, signal?: AbortSignal): Promise<void>;
  /** Forgets the sums of everybody's charges per quarter of an hour, which are kept for longer. */
  forgetSumsBefore(before: number): Promise<void>;
}

export function createChargeLedger(db: Database, takeBreak: TakeBreak): ChargeLedger {
  const statements = db.prepare(SQL);
  return {
    async of(userId) {
      const charges: Charge[] = [];
      for (;;) {
        const from = charges.at(-1)?.chargedAt ?? 0;
        // The charges of the last millisecond were read before.
        const skipped = charges.length - 1 - charges.findLastIndex(({ chargedAt }) => chargedAt < from);
        const after = { userId, from, skipped, limit: ROWS_READ_PER_STEP };
        const step = await db.read(() => statements.of.all(after));
        charges.push(...(step as unknown as Charge[]));
        if (step.length < ROWS_READ_PER_STEP) return charges;
        await takeBreak();
      }
    },
    async forgetBefore(before, signal) {
      const step = () => statements.forgetBefore.run({ before, limit: ROWS_PER_STEP });
      while (!signal?.aborted && (await db.write(step)) === ROWS_PER_STEP);
    },
    async forgetSumsBefore(before) {
      // There are at most a hundred a day, so a call each minute finds one at a time.
      await db.write(() => statements.forgetSums.run({ before }));
    },
  };
}
