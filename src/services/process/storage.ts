import { randomUUID } from 'node:crypto';
import { createFileStore, type FileStore } from '../images/file-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { filesBeside } from '../ledger/sqlite/files-beside.ts';
import { openLedger } from '../ledger/sqlite/ledger.ts';
import type { Logger } from '../log.ts';
import { closeToOthers } from './private-files.ts';

/** Everything that must survive the process. */
export interface Storage {
  readonly ledger: Ledger;
  readonly files: FileStore;
}

interface Place {
  /** The URL of a PostgreSQL database; null for the SQLite file at `databasePath`. */
  readonly databaseUrl: string | null;
  readonly databasePath: string;
  readonly now: () => number;
  readonly log: Logger;
}

/** Opens the ledger and its files: both in PostgreSQL, or in a SQLite file and the folder beside it. Throws a LedgerError. */
export async function openStorage({ databaseUrl, databasePath, now, log }: Place): Promise<Storage> {
  if (databaseUrl !== null) {
    // Loaded here, because a bot with SQLite starts sooner without it.
    const { shownAddress } = await import('../ledger/postgres/address.ts');
    const { openPostgresLedger } = await import('../ledger/postgres/ledger.ts');
    const database = shownAddress(databaseUrl);
    const owner = randomUUID();
    log.info({ database, owner }, 'the ledger is in PostgreSQL (DATABASE_URL); DATABASE_PATH is not used');
    return openPostgresLedger({ url: databaseUrl, owner, now, log });
  }
  const ledger = openLedger({ path: databasePath, now, log });
  closeToOthers(databasePath, log);
  return { ledger, files: createFileStore(filesBeside(databasePath), ledger.storedData.isUsed) };
}
