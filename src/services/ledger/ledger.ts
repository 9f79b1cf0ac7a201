import type { Alone } from './alone.ts';
import type { TakeBreak } from './breaks.ts';
import type { ChargeLedger } from './charges.ts';
import type { DraftLedger } from './drafts.ts';
import type { DurationLedger } from './durations.ts';
import type { GenerationLedger } from './generations.ts';
import type { HistoryLedger } from './history.ts';
import type { LeaseLedger } from './leases.ts';
import type { Load } from './load.ts';
import type { PriceLedger } from './prices.ts';
import type { ServerRulesLedger } from './server-rules.ts';
import type { SettingsLedger } from './settings.ts';
import type { SpendingLedger } from './spending.ts';
import type { StoredData } from './stored-data.ts';
import type { TaskLedger } from './tasks.ts';
import type { TurnLedger } from './turns.ts';
import type { WakeUps } from './wake-ups.ts';
import type { WarningLedger } from './warnings.ts';

/** The truth about every generation and task. All methods are async, so that a database server can be behind it. */
export interface Ledger {
  readonly generations: GenerationLedger;
  readonly tasks: TaskLedger;
  readonly leases: LeaseLedger;
  readonly wakeUps: WakeUps;
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
  /** For work that one process does for all. */
  readonly alone: Alone;
  /** Callers that read a lot await this between two steps. */
  readonly takeBreak: TakeBreak;
  /** Rewrites an existing value down to the disk. Throws when the ledger can't be written. */
  proveWritable(): Promise<void>;
  /** Empties the write-ahead log, which still contains deleted data. False while another process reads from it. */
  emptyLog(): Promise<boolean>;
  /** Removes ledgers that restores moved aside before this time. Returns how many it removed. */
  removeReplaced(before: number): Promise<number>;
  /** Finishes pending writes, then closes for good. */
  close(): Promise<void>;
}
