import { DatabaseSync } from 'node:sqlite';

const UNSETTLED = 'SELECT count(*) AS count FROM generations WHERE settled_at IS NULL';
const UNFINISHED = `SELECT count(*) AS count FROM tasks
                    WHERE state IN ('reserved', 'submitting', 'running', 'completed')`;
const TOKENS = 'SELECT count(*) AS count FROM generations WHERE token IS NOT NULL';

/** How many rows the bot still has to do something about. */
export interface LedgerState {
  readonly unsettled: number;
  readonly unfinished: number;
  readonly tokens: number;
}

/** Reads the ledger beside the running bot, as a backup would. */
export function readLedger(path: string): LedgerState {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    const count = (sql: string) => Number(db.prepare(sql).get()?.count);
    return { unsettled: count(UNSETTLED), unfinished: count(UNFINISHED), tokens: count(TOKENS) };
  } finally {
    db.close();
  }
}
