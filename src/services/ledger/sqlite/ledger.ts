import { realpathSync } from 'node:fs';
import type { Logger } from '../../log.ts';
import { createBreaks } from '../breaks.ts';
import { createHoldings } from '../holdings.ts';
import type { Ledger } from '../ledger.ts';
import { createSqliteDatabase } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogSync } from './log-sync.ts';
import { openDatabase } from './open.ts';
import { removeReplaced } from './replaced.ts';
import { createWriteAheadLog } from './write-ahead-log.ts';

/** Opens the ledger at `path`. Throws a LedgerError when another process holds it, or when it is too new. */
export function openLedger({
  path,
  now = Date.now,
  log,
}: {
  path: string;
  now?: () => number;
  log?: Logger;
}): Ledger {
  const { db, close } = openDatabase(path, log);
  const writeAhead = createWriteAheadLog(db);
  const disk = createLogSync(db);
  const { write, flush } = createGroupCommit(db, { disk, afterwards: writeAhead.look });
  return {
    ...createHoldings({
      db: createSqliteDatabase(db, write),
      now,
      takeBreak: createBreaks(),
      isCongested: writeAhead.isLong,
    }),
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
