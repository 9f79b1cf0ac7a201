import { DatabaseSync } from 'node:sqlite';

const UNSETTLED = 'SELECT count(*) AS count FROM generations WHERE settled_at IS NULL';
const UNFINISHED = `SELECT count(*) AS count FROM tasks
                    WHERE state IN ('reserved', 'submitting', 'running', 'completed')`;
const TOKENS = 'SELECT count(*) AS count FROM generations WHERE token IS NOT NULL';
const THUMBNAILS = 'SELECT thumbnail_file AS name FROM tasks WHERE thumbnail_file IS NOT NULL';

/** How many rows the bot still has to do something about. */
export interface LedgerState {
  readonly unsettled: number;
  readonly unfinished: number;
  readonly tokens: number;
}

/** Reads the ledger beside the running bot, as a backup would. */
export function readLedger(path: string): LedgerState {
  return reading(path, (db) => {
    const count = (sql: string) => Number(db.prepare(sql).get()?.count);
    return { unsettled: count(UNSETTLED), unfinished: count(UNFINISHED), tokens: count(TOKENS) };
  });
}

/** The small pictures that are to be kept. */
export function thumbnailsIn(path: string): string[] {
  return reading(path, (db) =>
    db
      .prepare(THUMBNAILS)
      .all()
      .map(({ name }) => String(name)),
  );
}

function reading<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    return read(db);
  } finally {
    db.close();
  }
}
