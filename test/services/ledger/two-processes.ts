import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createAlone } from '../../../src/services/ledger/alone.ts';
import { createBreaks } from '../../../src/services/ledger/breaks.ts';
import { createHoldings } from '../../../src/services/ledger/holdings.ts';
import { createLeaseLedger } from '../../../src/services/ledger/leases.ts';
import type { Ledger } from '../../../src/services/ledger/ledger.ts';
import { openPostgresLedger } from '../../../src/services/ledger/postgres/ledger.ts';
import { createSqliteDatabase } from '../../../src/services/ledger/sqlite/database.ts';
import { createGroupCommit } from '../../../src/services/ledger/sqlite/group-commit.ts';
import { openDatabase } from '../../../src/services/ledger/sqlite/open.ts';
import { createWakeUps } from '../../../src/services/ledger/wake-ups.ts';
import { reservation } from './requests.ts';
import { leaveDatabase, takeDatabase } from './spare-databases.ts';

/** The ledger as one of two processes sees it that serve it at the same time. */
export type SharedLedger = Pick<
  Ledger,
  'generations' | 'tasks' | 'turns' | 'leases' | 'wakeUps' | 'alone' | 'durations' | 'warnings'
>;

export interface TwoProcesses {
  readonly here: SharedLedger;
  readonly there: SharedLedger;
  /** Puts a request into the ledger that this process serves. */
  reserve(by: SharedLedger, changes?: Partial<typeof reservation>): Promise<string>;
  close(): Promise<void>;
}

/** On PostgreSQL, or on one connection to SQLite, which itself would not let them share a file. */
export async function openForTwo(now = () => 1000): Promise<TwoProcesses> {
  const server = inject('postgres');
  const both = server === undefined ? onSqlite(now) : await onPostgres(await takeDatabase(server.url), now);
  let interactions = 0;
  return {
    ...both,
    async reserve(by, changes) {
      interactions += 1;
      const asked = { ...reservation, interactionId: `interaction-${interactions}`, ...changes };
      const id = await by.generations.reserve(asked);
      if (typeof id !== 'string') throw new Error('it was not reserved');
      return id;
    },
  };
}

function onSqlite(now: () => number) {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  const { db, close } = openDatabase(join(folder, 'imagine.sqlite'));
  const { write, flush } = createGroupCommit(db);
  const database = createSqliteDatabase(db, write);
  const takeBreak = createBreaks();
  const [wakeUps, alone] = [createWakeUps(), createAlone()];
  const seenBy = (owner: string): SharedLedger => {
    db.prepare('INSERT INTO processes (id, alive_until) VALUES (?, 1)').run(owner);
    const holdings = createHoldings({ db: database, owner, now, takeBreak, isCongested: () => false });
    return { ...holdings, leases: createLeaseLedger(database, takeBreak, owner, null), wakeUps, alone };
  };
  return {
    here: seenBy('here'),
    there: seenBy('there'),
    async close() {
      flush();
      close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function onPostgres(url: string, now: () => number) {
  const [here, there] = await Promise.all(
    ['here', 'there'].map(async (owner) => (await openPostgresLedger({ url, owner, now, waitMs: 0 })).ledger),
  );
  if (!here || !there) throw new Error('there are two');
  return {
    here,
    there,
    async close() {
      await Promise.all([here.close(), there.close()]);
      await leaveDatabase(url);
    },
  };
}
