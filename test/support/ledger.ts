import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { rowsIn } from './ledger-file.ts';
import { createDatabase } from './postgres.ts';

export type Row = Readonly<Record<string, unknown>>;

/** The ledger of the bots under test, which a test reads beside them. */
export interface TestLedger {
  /** Points a bot to it. */
  readonly env: Readonly<Record<string, string>>;
  /** The answer to a query, which has a `?` for each value. */
  rows(sql: string, ...values: string[]): Promise<readonly Row[]>;
  /** The names of the files that it keeps. */
  files(): Promise<string[]>;
  /** Lets the leases of processes that have died run out at once. */
  endLeases(): Promise<void>;
  remove(): Promise<void>;
}

/** A SQLite file in a folder of its own. */
export function createSqliteLedger(): TestLedger & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'imagine-test-'));
  const path = join(folder, 'imagine.sqlite');
  return {
    path,
    env: { DATABASE_PATH: path },
    rows: async (sql, ...values) => rowsIn(path, sql, ...values),
    async files() {
      return existsSync(`${path}-files`) ? readdirSync(`${path}-files`) : [];
    },
    // There are none: one process at a time has the file open.
    endLeases: async () => undefined,
    async remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A database on the PostgreSQL server at this address. */
export async function createPostgresLedger(server: string): Promise<TestLedger> {
  const url = await createDatabase(server);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  async function rows(sql: string, ...values: string[]): Promise<readonly Row[]> {
    let number = 0;
    const text = sql.replaceAll('?', () => {
      number += 1;
      return `$${number}`;
    });
    return (await client.query(text, values)).rows;
  }
  return {
    env: { DATABASE_URL: url },
    rows,
    files: async () => (await rows('SELECT name FROM files')).map(({ name }) => String(name)),
    async endLeases() {
      await rows('UPDATE processes SET alive_until = 0');
    },
    remove: () => client.end(),
  };
}
