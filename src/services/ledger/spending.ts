import type { TakeBreak } from './breaks.ts';
import type { Database } from './database.ts';
import { SUM_MS } from './spent.ts';

/** The expression around the id keeps SQLite from using the index by person, with which it would read all charges. */
const SQL = {
  byModel: `SELECT model AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
            WHERE charged_at > :since GROUP BY model ORDER BY coins DESC, name`,
  byPerson: `SELECT user_id || '' AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
             WHERE charged_at > :since GROUP BY user_id || '' ORDER BY coins DESC, name LIMIT :limit`,
  total: `SELECT coalesce(sum(images), 0) AS images, coalesce(sum(coins), 0) AS coins FROM charge_sums
          WHERE guild_id = '' AND starts_at > :since`,
  people: `SELECT COUNT(DISTINCT user_id || '') AS count FROM charges WHERE charged_at > :since`,
} as const;

/** The number of images and their cost, by the service's bills, or as expected before the bill. */
export interface Total {
  readonly images: number;
  readonly coins: number;
}

/** The cost of one model or one person. */
export interface Spent extends Total {
  /** The model's or the person's id. */
  readonly name: string;
}

export interface Spending {
  readonly byModel: readonly Spent[];
  /** The people who spent most. */
  readonly byPerson: readonly Spent[];
  /** How many people spent anything. */
  readonly people: number;
}

export interface SpendingLedger {
  /** The charges after `since`, by model and by the people who spent most. */
  since(since: number, people: number): Promise<Spending>;
  /** Everybody's charges together after `since`, up to a week ago, precise to a quarter of an hour. */
  totalSince(since: number): Promise<Total>;
}

export function createSpendingLedger(db: Database, takeBreak: TakeBreak): SpendingLedger {
  const statements = db.prepare(SQL);
  return {
    async since(since, limit) {
      // Separate reads, because each goes through all charges since then.
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
