import { realpathSync } from 'node:fs';
import type { Logger } from '../../log.ts';
import { createBreaks } from '../breaks.ts';
import { createChargeLedger } from '../charges.ts';
import { createDraftLedger } from '../drafts.ts';
import { createDurationLedger } from '../durations.ts';
import { createGenerationLedger } from '../generations.ts';
import { createHistoryLedger } from '../history.ts';
import type { Ledger } from '../ledger.ts';
import { createLoad } from '../load.ts';
import { createPriceLedger } from '../prices.ts';
import { createServerRulesLedger } from '../server-rules.ts';
import { createSettingsLedger } from '../settings.ts';
import { createSpendingLedger } from '../spending.ts';
import { createStoredData } from '../stored-data.ts';
import { createTaskLedger } from '../tasks.ts';
import { createTurnLedger } from '../turns.ts';
import { createWarningLedger } from '../warnings.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogSync } from './log-sync.ts';
import { openDatabase } from './open.ts';
import { removeReplaced } from './replaced.ts';
import { createWriteAheadLog } from './write-ahead-log.ts';

/** Opens the ledger at `path`. Throws a LedgerError where it is held by another process or too new. */
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
  const takeBreak = createBreaks();
  const generations = createGenerationLedger(db, write, now, takeBreak);
  return {
    generations,
    tasks: createTaskLedger(db, write),
    turns: createTurnLedger(db, write, now),
    charges: createChargeLedger(db, write, takeBreak),
    drafts: createDraftLedger(db, write, now),
    durations: createDurationLedger(db, write),
    history: createHistoryLedger(db, generations.find, takeBreak),
    prices: createPriceLedger(db, write),
    settings: createSettingsLedger(db, write),
    serverRules: createServerRulesLedger(db, write, now, takeBreak),
    storedData: createStoredData(db, write, takeBreak, writeAhead.isLong),
    load: createLoad(db),
    spending: createSpendingLedger(db, takeBreak),
    warnings: createWarningLedger(db, write, now),
    takeBreak,
    async proveWritable() {
      // The smallest write that SQLite really makes: its own id of the file's kind, which stays at 0.
      await write(() => db.exec('PRAGMA application_id = 0'));
    },
    emptyLog: writeAhead.empty,
    // Where a link leads is where restore put it.
    removeReplaced: (before) => removeReplaced(realpathSync(path), before),
    close() {
      flush();
      disk.close();
      writeAhead.close();
      close();
    },
  };
}
