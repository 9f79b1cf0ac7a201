import { createGenerationLedger, type GenerationLedger } from './generations.ts';
import { openDatabase } from './open.ts';
import { createStoredData, type StoredData } from './stored-data.ts';
import { createTaskLedger, type TaskLedger } from './tasks.ts';

/** The truth about every generation and task. Async throughout, so that a server database can stand behind it one day. */
export interface Ledger {
  readonly generations: GenerationLedger;
  readonly tasks: TaskLedger;
  readonly storedData: StoredData;
  close(): void;
}

/** Opens the ledger at `path`. Throws a LedgerError where it is held by another process or too new. */
export function openLedger({ path, now = Date.now }: { path: string; now?: () => number }): Ledger {
  const { db, close } = openDatabase(path);
  return {
    generations: createGenerationLedger(db, now),
    tasks: createTaskLedger(db),
    storedData: createStoredData(db),
    close,
  };
}
