import pg from 'pg';
import { createDatabase } from '../../support/postgres.ts';

/**
 * Databases with a schema and nothing in it, left by tests of this worker. Another use of one takes a sixth of the time
 * that a new one takes with its migrations.
 */
const spare: string[] = [];

/** The URL of a database without rows: one that a test has left, or a new one on this server. */
export async function takeDatabase(server: string): Promise<string> {
  return spare.pop() ?? (await createDatabase(server));
}

/** Empties a database that the bot alone has changed, and that nothing uses any more, for the next test. */
export async function leaveDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // A ledger doesn't wait for long until its connections are closed.
    await client.query(`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    const { rows } = await client.query(`SELECT tablename AS name FROM pg_tables
      WHERE schemaname = 'public' AND tablename <> 'ledger_version'`);
    const deletions = rows.map(({ name }) => `DELETE FROM ${name}`).join('; ');
    // Without triggers and references, which would only have the same rows deleted.
    await client.query(`SET session_replication_role = replica; ${deletions}`);
    spare.push(url);
  } finally {
    await client.end();
  }
}
