import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';
import { SUM_MS } from './spent.ts';

/** What is added to the id keeps SQLite from the index by person, by which it would read all charges. */
const SQL = {
  byModel: `SELECT model AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
            WHERE charged_at > :since GROUP BY model ORDER BY coins DESC, name`,
  byPerson: `SELECT user_id || '' AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
             WHERE charged_at > :since GROUP BY user_id || '' ORDER BY coins DESC, name LIMIT :limit`,
  total: `SELECT coalesce(sum(images), 0) AS images, coalesce(sum(coins), 0) AS coins FROM charge_sums
          WHERE guild_id = '' AND starts_at > :since`,
  people: `SELECT COUNT(DISTINCT user_id || '') AS count FROM charges WHERE charged_at > :since`,
} as const;

/** What was made, and what it cost: by the service's bills, and as expected where there is none yet. */
export interface Total {
  readonly images: number;
  readonly coins: number;
}

/** What one model or one person cost. */
export interface Spent extends Total {
  /** The model's or the person's id. */
  readonly name: string;
}

export interface Spending {
  readonly byModel: readonly Spent[];
  /** Those who spent most. */
  readonly byPerson: readonly Spent[];
  /** How many people spent anything. */
  readonly people: number;
}

export interface SpendingLedger {
  /** What was charged after `since`, by model and by the people who spent most. */
  since(since: number, people: number): Promise<Spending>;
  /** What everybody together was charged after `since`, which may be a week ago, to the quarter of an hour. */
  totalSince(since: number): Promise<Total>;
}

export function createSpendingLedger(db: Database, takeBreak: TakeBreak): SpendingLedger {
  const statements = db.prepare(SQL);
  return {
    async since(since, limit) {
      // Each reads all charges of the time.
      const byModel = await db.read(() => statements.byModel.all({ since }));
      await takeBreak();
      const byPerson = await db.read(() => statements.byPerson.all({ since, limit }));
      await takeBreak();
      const people = await db.read(() => statements.people.get({ since }));
      return {
        byModel: byModel.map(spentFromRow),
        byPerson: byPerson.map(spentFromRow),
        people: people?.count as number,
      };
    },
    async totalSince(since) {
      const row = await db.read(() => statements.total.get({ since: since - SUM_MS }));
      return totalFromRow(row ?? {});
    },
  };
}

function spentFromRow(row: Record<string, unknown>): Spent {
  return { name: row.name as string, ...totalFromRow(row) };
}

function totalFromRow(row: Record<string, unknown>): Total {
  return { images: Number(row.images), coins: Number(row.coins) };
}
