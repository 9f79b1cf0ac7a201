import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import type { Logger } from '../../log.ts';
import { LedgerError } from '../error.ts';
import { noticeRestore } from './restored.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
/** An arbitrary number that nothing else in the database locks. */
const LOCK = 0x696d6167;
const OLDEST = { number: 140_000, name: '14' };

/**
 * Brings the database up to date, one file after the other, each in a transaction. If several processes start at once,
 * one does this and the others wait. Throws a {@link LedgerError} when the server is too old or the schema too new.
 */
export async function migrate(options: pg.ClientConfig, log?: Logger): Promise<void> {
  const client = new pg.Client(options);
  // The queries reject as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await requireKnownServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await takeSteps(client, log);
    await noticeRestore(client, log);
  } finally {
    // The end of the connection releases the lock.
    await client.end();
  }
}

async function requireKnownServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`SELECT current_setting('server_version_num')::int AS number,
    current_setting('server_version') AS name`);
  if (rows[0].number >= OLDEST.number) return;
  throw new LedgerError(
    `The database is PostgreSQL ${rows[0].name}; the bot needs ${OLDEST.name} or newer. Update the server, or use SQLite: leave DATABASE_URL empty.`,
  );
}

async function takeSteps(client: pg.Client, log?: Logger): Promise<void> {
  const from = await versionOf(client);
  const steps = migrations();
  if (from > steps.length) {
    throw new LedgerError(
      `The database was written by a newer version of the bot (schema ${from}, this one knows ${steps.length}). ` +
        'Update the bot, or point DATABASE_URL to another database.',
    );
  }
  for (const [index, sql] of steps.entries()) {
    if (index < from) continue;
    await client.query(`BEGIN; ${sql}; UPDATE ledger_version SET version = ${index + 1}; COMMIT`);
  }
  if (from < steps.length) log?.info({ from, to: steps.length }, 'the database is up to date');
}

/** The number of steps that the database has taken. */
async function versionOf(client: pg.Client): Promise<number> {
  // Checked first, because a user without the right to create tables may still use existing ones.
  const { rows: found } = await client.query("SELECT to_regclass('ledger_version') IS NOT NULL AS is_there");
  if (!found[0].is_there) {
    await client.query(`BEGIN; CREATE TABLE ledger_version (version INTEGER NOT NULL);
      INSERT INTO ledger_version VALUES (0); COMMIT`);
  }
  const { rows } = await client.query('SELECT version FROM ledger_version');
  return rows[0].version;
}

/** The steps as SQL. Never edit one that has shipped. */
function migrations(): string[] {
  const names = readdirSync(FOLDER).sort();
  return names.map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
}
