import type { DatabaseSync } from 'node:sqlite';
import { prepareAll } from './statements.ts';

/** The signs + keep SQLite from the index by person, by which it would read all charges. */
const SQL = {
  byModel: `SELECT model AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
            WHERE charged_at > :since GROUP BY model ORDER BY coins DESC, name`,
  byPerson: `SELECT user_id AS name, COUNT(*) AS images, SUM(coins) AS coins FROM charges
             WHERE charged_at > :since GROUP BY +user_id ORDER BY coins DESC, name LIMIT :limit`,
  people: 'SELECT COUNT(DISTINCT +user_id) AS count FROM charges WHERE charged_at > :since',
} as const;

/** What one model or one person cost. Where images have no price, each counts as one coin. */
export interface Spent {
  /** The model's or the person's id. */
  readonly name: string;
  readonly images: number;
  readonly coins: number;
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
}

export function createSpendingLedger(db: DatabaseSync): SpendingLedger {
  const statements = prepareAll(db, SQL);
  return {
    since: async (since, limit) => ({
      byModel: statements.byModel.all({ since }).map(spentFromRow),
      byPerson: statements.byPerson.all({ since, limit }).map(spentFromRow),
      people: statements.people.get({ since })?.count as number,
    }),
  };
}

function spentFromRow(row: Record<string, unknown>): Spent {
  return { name: row.name as string, images: row.images as number, coins: row.coins as number };
}
