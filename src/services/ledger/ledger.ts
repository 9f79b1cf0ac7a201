import type { TakeBreak } from './breaks.ts';
import type { ChargeLedger } from './charges.ts';
import type { DraftLedger } from './drafts.ts';
import type { DurationLedger } from './durations.ts';
import type { GenerationLedger } from './generations.ts';
import type { HistoryLedger } from './history.ts';
import type { Load } from './load.ts';
import type { PriceLedger } from './prices.ts';
import type { ServerRulesLedger } from './server-rules.ts';
import type { SettingsLedger } from './settings.ts';
import type { SpendingLedger } from './spending.ts';
import type { StoredData } from './stored-data.ts';
import type { TaskLedger } from './tasks.ts';
import type { TurnLedger } from './turns.ts';
import type { WarningLedger } from './warnings.ts';

/** The truth about every generation and task. Async throughout, so that a server database can stand behind it. */
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
  /** What is still to be written is written before. Once closed, it stays so. */
  close(): Promise<void>;
}
