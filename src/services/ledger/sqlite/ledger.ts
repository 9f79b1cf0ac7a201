import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import type { Logger } from '../../log.ts';
import { createAlone } from '../alone.ts';
import { createBreaks } from '../breaks.ts';
import { createHoldings } from '../holdings.ts';
import { createLeaseLedger } from '../leases.ts';
import type { Ledger } from '../ledger.ts';
import { createWakeUps } from '../wake-ups.ts';
import { createSqliteDatabase } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogSync } from './log-sync.ts';
import { openDatabase } from './open.ts';
import { removeReplaced } from './replaced.ts';
import { createWriteAheadLog } from './write-ahead-log.ts';

/** Opens the ledger at `path`. Throws a LedgerError when another process holds it, or when it is too new. */
export function openLedger({
  path,
  owner = randomUUID(),
  now = Date.now,
  log,
}: {
  path: string;
  /** The name by which this process holds leases, of its own at each start. */
  owner?: string;
  now?: () => number;
  log?: Logger;
}): Ledger {
  const { db, close } = openDatabase(path, log);
  const writeAhead = createWriteAheadLog(db);
  const disk = createLogSync(db);
  const { write, flush } = createGroupCommit(db, { disk, afterwards: writeAhead.look });
  const database = createSqliteDatabase(db, write);
  const takeBreak = createBreaks();
  db.prepare('INSERT INTO processes (id, alive_until) VALUES (?, ?)').run(owner, Number.MAX_SAFE_INTEGER);
  return {
    ...createHoldings({ db: database, owner, now, takeBreak, isCongested: writeAhead.isLong }),
    leases: createLeaseLedger(database, takeBreak, owner, null),
    wakeUps: createWakeUps(),
    alone: createAlone(),
    async proveWritable() {
      // The smallest write that SQLite really makes: the id of the file's application, which stays at 0.
      await write(() => db.exec('PRAGMA application_id = 0'));
    },
    emptyLog: writeAhead.empty,
    // If the path is a link, the restore has used its target.
    removeReplaced: (before) => removeReplaced(realpathSync(path), before),
    async close() {
      if (!db.isOpen) return;
      flush();
      disk.close();
      writeAhead.close();
      close();
    },
  };
}
