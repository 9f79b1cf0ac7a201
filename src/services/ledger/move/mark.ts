import type { Client } from 'pg';
import { LedgerError } from '../error.ts';
import { TABLES } from './rows.ts';

/** The tables with people's data. A bot that nobody has used yet also fills the others. */
const OF_PEOPLE = ['generations', 'tasks', 'drafts', 'settings', 'server_rules', 'charges'] as const;

/**
 * Marks the rows of a move: everything that the same transaction wrote has the mark's `xmin` until somebody changes it
 * (docs: ddl-system-columns).
 */
const MARK = `CREATE TABLE IF NOT EXISTS moved_ledgers (table_name TEXT PRIMARY KEY, row_count BIGINT NOT NULL)`;

/**
 * Empties the database. Throws a {@link LedgerError} if it has rows that no earlier move brought, or that have changed
 * since.
 */
export async function emptyForMove(client: Client, shown: string): Promise<void> {
  await client.query(MARK);
  await client.query(`LOCK TABLE ${TABLES.join(', ')}, files IN ACCESS EXCLUSIVE MODE`);
  for (const table of OF_PEOPLE) {
    if (await isAsMoved(client, table)) continue;
    throw new LedgerError(
      `The database at ${shown} holds the ledger of a bot that was used (${table}). Name an empty database, or one that a move has filled and that no bot has used since.`,
    );
  }
  await client.query(`TRUNCATE ${TABLES.join(', ')}, files, moved_ledgers RESTART IDENTITY`);
}

/** Marks all rows as written by this move's transaction. */
export async function markMoved(client: Client): Promise<void> {
  for (const table of OF_PEOPLE)
    await client.query(`INSERT INTO moved_ledgers SELECT '${table}', count(*) FROM ${table}`);
}

/** Whether the table is empty, or only has the rows of the latest move. */
async function isAsMoved(client: Client, table: string): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT count(*) = coalesce((SELECT row_count FROM moved_ledgers WHERE table_name = $1), 0)
       AND coalesce(bool_and(xmin = (SELECT xmin FROM moved_ledgers WHERE table_name = $1)), true) AS is_so
     FROM ${table}`,
    [table],
  );
  return rows[0].is_so;
}
