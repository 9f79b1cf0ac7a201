import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from '../../log.ts';
import { LedgerError, unusable, writeProblemOf } from '../error.ts';
import { searchableText } from '../search-words.ts';
import { migrate } from './migrations.ts';

/** For what has time to wait: the start, and copies. */
export const BUSY_TIMEOUT_MS = 5000;
/** SQLite waits synchronously, and everybody with it: the group commit tries again instead. */
const BUSY_TIMEOUT_AT_WORK_MS = 10;

/**
 * Opens the SQLite file, makes it (and its folder) where absent, and brings its schema up to date. Throws
 * {@link LedgerError} where another process holds it, a newer bot wrote it, or it can't be used at all.
 */
export function openDatabase(path: string, log?: Logger): { db: DatabaseSync; close(): void } {
  try {
    // Prompts are people's own: nobody else on the machine needs to read them.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const lock = lockLedger(path);
    try {
      const db = openCurrent(path, log);
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
  } catch (error) {
    throw error instanceof LedgerError ? error : unusable(path, error);
  }
}

function openCurrent(path: string, log?: Logger): DatabaseSync {
  // From the first statement on: a reader, such as a backup, holds the file now and then for a moment.
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // An older file's migration fills an index of prompts with it, which a later one drops.
    db.function('search_words', { deterministic: true }, (text) => searchableText(String(text)));
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA foreign_keys = ON;
      PRAGMA secure_delete = ON;
    `);
    migrate(db, log);
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_AT_WORK_MS}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * One process at a time: an exclusive transaction on a file of its own, which the system ends with the process
 * however that dies. The ledger itself stays open to readers, such as a backup.
 */
export function lockLedger(ledgerPath: string): { close(): void } {
  // By another name it is the same ledger.
  const path = `${existsSync(ledgerPath) ? realpathSync(ledgerPath) : ledgerPath}.lock`;
  const lock = new DatabaseSync(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (writeProblemOf(error) !== 'busy') throw error;
    throw new LedgerError(
      `Another process uses this ledger (${path} is locked). Stop it, or give this one its own DATABASE_PATH.`,
      { cause: error },
    );
  }
}
