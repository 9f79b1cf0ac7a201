import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onConnections } from '../../../../src/services/ledger/postgres/connections.ts';
import { CommitUnknown, createTransactions } from '../../../../src/services/ledger/postgres/transactions.ts';
import { type PostgresServer, startPostgres } from '../../../support/postgres.ts';

const LONG_MS = 60_000;

let server: PostgresServer;
/** The address of an ordinary user, who may not see everything. */
let url: string;
let pool: pg.Pool;
beforeEach(async () => {
  server = await startPostgres();
  await query('CREATE ROLE plain LOGIN', server.url);
  await query('CREATE DATABASE plain OWNER plain', server.url);
  url = Object.assign(new URL('plain', server.url), { username: 'plain' }).href;
  await query('CREATE TABLE things (name TEXT)');
  pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => undefined);
});
afterEach(async () => {
  await pool.end();
  await server.remove();
});

test.each<[string, () => Promise<void>]>([
  ['server', startAgain],
  ['process of the server', endOneProcess],
])(
  'a transaction whose number is given again after a crash of a %s is not taken for kept',
  async (_, crash) => {
    const transactions = createTransactions(onConnections(pool));
    const written = transactions.writing(async (client) => {
      client.on('error', () => undefined);
      const { rows } = await client.query('SELECT pg_current_xact_id()::text AS id');
      await client.query("INSERT INTO things VALUES ('lost')");
      await crash();
      await commitUpTo(BigInt(rows[0].id));
    }, performance.now() + LONG_MS);
    await expect(written).rejects.toBeInstanceOf(CommitUnknown);
    expect(await query("SELECT FROM things WHERE name = 'lost'")).toEqual([]);
  },
);

async function startAgain(): Promise<void> {
  await server.stop();
  await server.start();
}

/** The server ends all its processes then, and starts them anew. */
async function endOneProcess(): Promise<void> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  process.kill(rows[0].pid, 'SIGKILL');
  await vi.waitFor(() => expect(client.query('SELECT')).rejects.toThrow(), { timeout: LONG_MS });
  await vi.waitFor(() => query('SELECT'), { timeout: LONG_MS });
}

/** Commits transactions until one of them has this number. */
async function commitUpTo(number: bigint): Promise<void> {
  for (let last = 0n; last < number; ) {
    const [row] = await query('SELECT pg_current_xact_id()::text AS id');
    last = BigInt(row?.id ?? 0);
  }
}

/** Each time on a connection of its own. */
async function query(sql: string, to = url): Promise<Record<string, string>[]> {
  const client = new pg.Client(to);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
