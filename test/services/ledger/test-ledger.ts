import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { inject } from 'vitest';
import type { Row } from '../../../src/services/ledger/database.ts';
import { RENEW_EVERY_MS } from '../../../src/services/ledger/leases.ts';
import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import { openPostgresLedger } from '../../../src/services/ledger/postgres/ledger.ts';
import { createLedgerFile } from './ledger-file.ts';
import { createRequests, type Requests } from './requests.ts';
import { leaveDatabase, takeDatabase } from './spare-databases.ts';

/** A ledger with nothing in it, on whichever database the tests are for. */
export interface TestLedger extends Requests {
  readonly ledger: Ledger;
  /** What the ledger takes for the time. */
  now: number;
  /** As a new process would find it. */
  reopen(): Promise<void>;
  remove(): Promise<void>;
  /** Asks the database itself. */
  rows(sql: string): Promise<Row[]>;
  /** Does something to the database itself, by words for each where they differ. */
  execute(sql: string | { readonly sqlite: string; readonly postgres: string }): Promise<void>;
}

/** On SQLite, or on PostgreSQL in that project of the tests (vitest.config.ts). */
export async function createTestLedger(): Promise<TestLedger> {
  const server = inject('postgres');
  return server === undefined ? onSqlite() : onPostgres(await takeDatabase(server.url));
}

function onSqlite(): TestLedger {
  const file = createLedgerFile();
  const onFile = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(file.path, { timeout: 5000 });
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return Object.assign(Object.create(file), {
    reopen: async () => file.reopen(),
    remove: async () => file.remove(),
    rows: async (sql: string) => onFile((db) => db.prepare(sql).all()),
    execute: async (sql: Parameters<TestLedger['execute']>[0]) =>
      onFile((db) => db.exec(typeof sql === 'string' ? sql : sql.sqlite)),
  });
}

async function onPostgres(url: string): Promise<TestLedger> {
  const house = { now: 1_000, ledger: null as unknown as Ledger };
  const open = async () => {
    house.ledger = (await openPostgresLedger({ url, now: () => house.now, waitMs: 0 })).ledger;
  };
  const ask = async (text: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const result = await client.query(text);
      return Array.isArray(result) ? [] : result.rows;
    } finally {
      await client.end();
    }
  };
  let isAltered = false;
  await open();
  // As the bot does, so that a slow machine loses no lease in a long test.
  const renewing = setInterval(
    () => void house.ledger.leases.renew([]).catch(() => undefined),
    RENEW_EVERY_MS,
  );
  return {
    ...createRequests(house),
    get ledger() {
      return house.ledger;
    },
    get now() {
      return house.now;
    },
    set now(time) {
      house.now = time;
    },
    async reopen() {
      await house.ledger.close();
      await open();
    },
    async remove() {
      clearInterval(renewing);
      await house.ledger.close();
      if (!isAltered) await leaveDatabase(url);
    },
    rows: ask,
    async execute(sql) {
      isAltered = true;
      await ask(typeof sql === 'string' ? sql : sql.postgres);
    },
  };
}

/** Lets the database refuse what is named as in a trigger, such as `INSERT ON audit`. */
export function failing(event: string, words: string, when?: string) {
  const condition = when === undefined ? '' : `WHEN (${when})`;
  return {
    sqlite: `CREATE TRIGGER failing BEFORE ${event} ${condition} BEGIN SELECT RAISE(ABORT, '${words}'); END`,
    postgres: `CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '${words}'; END $$;
      CREATE TRIGGER failing BEFORE ${event} FOR EACH ROW ${condition} EXECUTE FUNCTION failing()`,
  };
}
