import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onConnections } from '../../../../src/services/ledger/postgres/connections.ts';
import { CommitUnknown, createTransactions } from '../../../../src/services/ledger/postgres/transactions.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../../../support/postgres.ts';

const LONG_MS = 60_000;

let server: PostgresServer;
let pool: pg.Pool;
beforeAll(async () => {
  if (postgresMissing !== null) return;
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: server.url });
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool?.end();
  await server?.remove();
});

test('a transaction whose number a crashed server gives again is not taken for kept', async () => {
  await pool.query('CREATE TABLE things (name TEXT)');
  const transactions = createTransactions(onConnections(pool));
  const written = transactions.writing(async (client) => {
    client.on('error', () => undefined);
    const { rows } = await client.query('SELECT pg_current_xact_id()::text AS id');
    await client.query("INSERT INTO things VALUES ('lost')");
    await server.stop();
    await server.start();
    await commitUpTo(BigInt(rows[0].id));
  }, performance.now() + LONG_MS);
  await expect(written).rejects.toBeInstanceOf(CommitUnknown);
  expect((await pool.query("SELECT FROM things WHERE name = 'lost'")).rowCount).toBe(0);
});

/** Commits transactions until one of them has this number. */
async function commitUpTo(number: bigint): Promise<void> {
  for (;;) {
    const { rows } = await pool.query('SELECT pg_current_xact_id()::text AS id');
    if (BigInt(rows[0].id) >= number) return;
  }
}
