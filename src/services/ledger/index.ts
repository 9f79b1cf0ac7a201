import { realpathSync } from 'node:fs';
import type { Logger } from '../log.ts';
import { createBreaks, type TakeBreak } from './breaks.ts';
import { type ChargeLedger, createChargeLedger } from './charges.ts';
import { createDraftLedger, type DraftLedger } from './drafts.ts';
import { createDurationLedger, type DurationLedger } from './durations.ts';
import { createGenerationLedger, type GenerationLedger } from './generations.ts';
import { createGroupCommit } from './group-commit.ts';
import { createHistoryLedger, type HistoryLedger } from './history.ts';
import { createLoad, type Load } from './load.ts';
import { createLogSync } from './log-sync.ts';
import { openDatabase } from './open.ts';
import { createPriceLedger, type PriceLedger } from './prices.ts';
import { removeReplaced } from './replaced.ts';
import { createServerRulesLedger, type ServerRulesLedger } from './server-rules.ts';
import { createSettingsLedger, type SettingsLedger } from './settings.ts';
import { createSpendingLedger, type SpendingLedger } from './spending.ts';
import { createStoredData, type StoredData } from './stored-data.ts';
import { createTaskLedger, type TaskLedger } from './tasks.ts';
import { createTurnLedger, type TurnLedger } from './turns.ts';
import { createWarningLedger, type WarningLedger } from './warnings.ts';
import { createWriteAheadLog } from './write-ahead-log.ts';

/** The truth about every generation and task. Async throughout, so that a server database can stand behind it one day. */
export interface Ledger {
  readonly generations: GenerationLedger;
  readonly tasks: TaskLedger;
  readonly turns: TurnLedger;
  readonly charges: ChargeLedger;
  readonly drafts: DraftLedger;
  readonly durations: DurationLedger;
  readonly history: HistoryLedger;
  readonly prices: PriceLedger;
  readonly settings: SettingsLedger;
  readonly serverRules: ServerRulesLedger;
  readonly storedData: StoredData;
  readonly load: Load;
  readonly spending: SpendingLedger;
  readonly warnings: WarningLedger;
  /** For whoever reads much, between two steps. */
  readonly takeBreak: TakeBreak;
  /** Writes what is there already once more, down to the disk. Throws where the ledger takes no write. */
  proveWritable(): Promise<void>;
  /** Empties the write-ahead log, which still holds what was deleted. False while another process reads from it. */
  emptyLog(): Promise<boolean>;
  /** Removes what restores have moved aside before then. Returns how many ledgers went. */
  removeReplaced(before: number): Promise<number>;
  close(): void;
}

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
