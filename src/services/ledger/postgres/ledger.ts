import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../../log.ts';
import { createBreaks } from '../breaks.ts';
import { createHoldings } from '../holdings.ts';
import { createLeaseLedger, LEASE_MS } from '../leases.ts';
import type { Ledger } from '../ledger.ts';
import { connectionOptions, poolOptions, shownAddress } from './address.ts';
import { createPostgresAlone } from './alone.ts';
import { onConnections } from './connections.ts';
import { createPostgresDatabase } from './database.ts';
import { createPostgresFiles, type PostgresFiles } from './files.ts';
import { migrate } from './migrate.ts';
import { mayComeUp, unusable } from './problems.ts';
import { createPostgresWakeUps } from './wake-ups.ts';

/** A database that starts together with the bot takes some seconds longer. */
const WAIT_FOR_DATABASE_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 1000;
const CLOSE_WITHIN_MS = 1000;

interface Options {
  readonly url: string;
  /** The name by which this process holds leases, of its own at each start. */
  readonly owner?: string;
  readonly now?: () => number;
  readonly log?: Logger;
  readonly waitMs?: number;
}

/**
 * Opens the ledger and its files in the PostgreSQL database at this URL; any number of processes may do so at once.
 * Waits for a database that isn't up yet. Throws a LedgerError when it can't be used.
 */
export async function openPostgresLedger({
  url,
  owner = randomUUID(),
  now = Date.now,
  log,
  waitMs = WAIT_FOR_DATABASE_MS,
}: Options): Promise<{ readonly ledger: Ledger; readonly files: PostgresFiles }> {
  const explain = (error: unknown) => {
    throw unusable(shownAddress(url), error);
  };
  const pool = await openPool(url, waitMs, log).catch(explain);
  // An idle connection; the next caller gets another one.
  pool.on('error', (err) => log?.debug({ err }, 'an idle connection to the database was lost'));
  // A query on a broken connection rejects by itself. Without a listener, though, the event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const onConnection = onConnections(pool);
  const db = createPostgresDatabase(onConnection);
  const { touch } = db.prepare({ touch: 'UPDATE ledger_version SET version = version' });
  const takeBreak = createBreaks();
  const leases = createLeaseLedger(db, takeBreak, owner, LEASE_MS);
  await leases.begin().catch(explain);
  const connection = connectionOptions(url);
  const wakeUps = createPostgresWakeUps({ owner, connection, onConnection, log });
  const ledger: Ledger = {
    ...createHoldings({ db, owner, now, takeBreak, isCongested: () => false }),
    leases,
    wakeUps,
    alone: createPostgresAlone(connection),
    async proveWritable() {
      await db.write(() => touch.run());
    },
    // A server does these by itself, or doesn't need them.
    emptyLog: async () => true,
    removeReplaced: async () => 0,
    async close() {
      if (pool.ending) return;
      const closed = wakeUps.close().then(() => pool.end());
      // A connection through a dead network never reports that it is closed.
      await Promise.race([closed, delay(CLOSE_WITHIN_MS, undefined, { ref: false })]);
    },
  };
  return { ledger, files: createPostgresFiles(onConnection) };
}

async function openPool(url: string, waitMs: number, log?: Logger): Promise<pg.Pool> {
  const options = poolOptions(url);
  const until = performance.now() + waitMs;
  for (let isTold = false; ; isTold = true) {
    try {
      await migrate(connectionOptions(url), log);
      return new pg.Pool(options);
    } catch (err) {
      if (!mayComeUp(err) || performance.now() >= until) throw err;
      if (!isTold)
        log?.warn(
          { err, seconds: waitMs / 1000 },
          'the database cannot be reached yet; the bot waits for it',
        );
      await delay(TRY_AGAIN_AFTER_MS);
    }
  }
}
