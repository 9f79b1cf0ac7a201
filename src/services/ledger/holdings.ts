import type { TakeBreak } from './breaks.ts';
import { createChargeLedger } from './charges.ts';
import type { Database } from './database.ts';
import { createDraftLedger } from './drafts.ts';
import { createDurationLedger } from './durations.ts';
import { createGenerationLedger } from './generations.ts';
import { createHistoryLedger } from './history.ts';
import type { Ledger } from './ledger.ts';
import { createLoad } from './load.ts';
import { createPriceLedger } from './prices.ts';
import { createServerRulesLedger } from './server-rules.ts';
import { createSettingsLedger } from './settings.ts';
import { createSpendingLedger } from './spending.ts';
import { createStoredData } from './stored-data.ts';
import { createTaskLedger } from './tasks.ts';
import { createTurnLedger } from './turns.ts';
import { createWarningLedger } from './warnings.ts';

/** The parts of a ledger that are the same on every database. */
export type Holdings = Omit<
  Ledger,
  'leases' | 'wakeUps' | 'alone' | 'proveWritable' | 'emptyLog' | 'removeReplaced' | 'close'
>;

interface Options {
  readonly db: Database;
  /** The name by which this process holds leases. */
  readonly owner: string;
  readonly now: () => number;
  readonly takeBreak: TakeBreak;
  /** Whether deleting more would do harm at the moment. */
  readonly isCongested: () => boolean;
}

export function createHoldings({ db, owner, now, takeBreak, isCongested }: Options): Holdings {
  const generations = createGenerationLedger(db, now, takeBreak, owner);
  return {
    generations,
    tasks: createTaskLedger(db, owner),
    turns: createTurnLedger(db, now, owner),
    charges: createChargeLedger(db, takeBreak),
    drafts: createDraftLedger(db, now),
    durations: createDurationLedger(db),
    history: createHistoryLedger(db, generations.find, takeBreak),
    prices: createPriceLedger(db),
    settings: createSettingsLedger(db),
    serverRules: createServerRulesLedger(db, now, takeBreak),
    storedData: createStoredData(db, takeBreak, isCongested, owner),
    load: createLoad(db),
    spending: createSpendingLedger(db, takeBreak),
    warnings: createWarningLedger(db, now),
    takeBreak,
  };
}
