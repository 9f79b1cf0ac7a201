import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError, migrate } from './migrations.ts';

/**
 * Opens the SQLite file, makes it (and its folder) where absent, and brings its schema up to date.
 * Throws {@link LedgerError} where another process holds it or a newer bot wrote it.
 */
export function openDatabase(path: string): { db: DatabaseSync; close(): void } {
  mkdirSync(dirname(path), { recursive: true });
  const lock = takeLock(`${path}.lock`);
  try {
    const db = new DatabaseSync(path);
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA busy_timeout = 5000;
    `);
    migrate(db);
    return {
      db,
      close() {
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/**
 * One process at a time: an exclusive transaction on a file of its own, which the system ends with the process
 * however that dies. The ledger itself stays open to readers, such as a backup.
 */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new LedgerError(
      `Another process uses this ledger (${path} is locked). Stop it, or give this one its own DATABASE_PATH.`,
      { cause: error },
    );
  }
}
