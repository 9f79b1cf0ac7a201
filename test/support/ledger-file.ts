import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

interface Opened {
  readonly db: DatabaseSync;
  /** Tells the file from a later one of the same name. */
  readonly inode: number;
}

const opened = new Map<string, Opened>();
let keepers = 0;

/** The answer of a SQLite ledger, beside the bot that writes it, to a query with a `?` for each value. */
export function rowsIn(path: string, sql: string, ...values: string[]) {
  try {
    return databaseAt(path)
      .prepare(sql)
      .all(...values);
  } finally {
    if (keepers === 0) closeAll();
  }
}

/**
 * Keeps what is read from now on open until the returned function is called. To open a ledger takes ten times as long as
 * to ask it, and whoever waits asks a hundred times a second. At other times none is open, so that the bot is the last to
 * close its own.
 */
export function keepLedgersOpen(): () => void {
  keepers += 1;
  return () => {
    keepers -= 1;
    if (keepers === 0) closeAll();
  };
}

function databaseAt(path: string): DatabaseSync {
  const { ino: inode } = statSync(path);
  const known = opened.get(path);
  if (known?.inode === inode) return known.db;
  known?.db.close();
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  opened.set(path, { db, inode });
  return db;
}

function closeAll(): void {
  for (const { db } of opened.values()) db.close();
  opened.clear();
}
