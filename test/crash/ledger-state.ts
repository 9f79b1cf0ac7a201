import { DatabaseSync } from 'node:sqlite';

const UNSETTLED = 'SELECT count(*) AS count FROM generations WHERE settled_at IS NULL';
const UNFINISHED = `SELECT count(*) AS count FROM tasks
                    WHERE state IN ('reserved', 'submitting', 'running', 'completed')`;
const TOKENS = 'SELECT count(*) AS count FROM generations WHERE token IS NOT NULL';
const THUMBNAILS = 'SELECT thumbnail_file AS name FROM tasks WHERE thumbnail_file IS NOT NULL';

/** The numbers of rows that the bot still has to handle. */
export interface LedgerState {
  readonly unsettled: number;
  readonly unfinished: number;
  readonly tokens: number;
}

/** Reads the ledger while the bot runs, as a backup does. */
export function readLedger(path: string): LedgerState {
  return reading(path, (db) => {
    const count = (sql: string) => Number(db.prepare(sql).get()?.count);
    return { unsettled: count(UNSETTLED), unfinished: count(UNFINISHED), tokens: count(TOKENS) };
  });
}

/** The files of the thumbnails that rows name. */
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
