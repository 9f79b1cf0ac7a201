import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { LedgerError } from '../error.ts';
import { connectionOptions, shownAddress } from '../postgres/address.ts';
import { migrate } from '../postgres/migrate.ts';
import { stateOf, unusable } from '../postgres/problems.ts';
import { filesBeside } from '../sqlite/files-beside.ts';
import { openDatabase } from '../sqlite/open.ts';
import { moveFiles } from './files.ts';
import { emptyForMove, markMoved } from './mark.ts';
import { moveRows, TABLES } from './rows.ts';

/** The number of moved rows by table, and of `files`. */
export type Moved = Readonly<Record<string, number>>;

/** PostgreSQL's code for a lock that wasn't available in time (errcodes-appendix.html). */
const LOCK_NOT_AVAILABLE = '55P03';
const LOCK_WITHIN_MS = 5000;

/**
 * Copies the SQLite ledger at `from` and its files into the PostgreSQL database at `to`, completely or not at all.
 * `from` doesn't change, except that its schema is brought up to date. Throws a {@link LedgerError} when a bot uses
 * `from`, when a bot has used `to`, or when not everything has arrived.
 */
export async function moveLedger({ from, to }: { from: string; to: string }): Promise<Moved> {
  if (!existsSync(from)) throw new LedgerError(`There is no ledger at ${from}. Name its SQLite file.`);
  const source = openDatabase(from);
  try {
    return await moveInto(to, source.db, filesBeside(from));
  } catch (error) {
    throw error instanceof LedgerError ? error : explained(error, to);
  } finally {
    source.close();
  }
}

async function moveInto(to: string, source: DatabaseSync, folder: string): Promise<Moved> {
  await migrate(connectionOptions(to));
  const client = new pg.Client(connectionOptions(to));
  // Its queries reject as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
    await emptyForMove(client, shownAddress(to));
    const rows = await moveRows(source, client);
    const files = await moveFiles(folder, client);
    await markMoved(client);
    // By itself, the server looks at new rows only a minute later, and plans without knowing them until then.
    await client.query(`ANALYZE ${TABLES.join(', ')}, files`);
    await client.query('COMMIT');
    return { ...rows, files };
  } finally {
    // The end of the connection discards everything that isn't committed.
    await client.end();
  }
}

function explained(error: unknown, to: string): LedgerError {
  if (stateOf(error) !== LOCK_NOT_AVAILABLE) return unusable(shownAddress(to), error);
  return new LedgerError(`A bot uses the database at ${shownAddress(to)}. Stop it first.`, { cause: error });
}
