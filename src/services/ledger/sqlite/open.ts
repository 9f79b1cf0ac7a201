import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from '../../log.ts';
import { LedgerError, unusable, writeProblemOf } from '../error.ts';
import { searchableText } from '../search-words.ts';
import { migrate } from './migrations.ts';

/** For work that has time to wait: the start, and copies. */
export const BUSY_TIMEOUT_MS = 5000;
/** Short, because SQLite waits synchronously and blocks everybody. The group commit tries again instead. */
const BUSY_TIMEOUT_AT_WORK_MS = 10;

/**
 * Opens the SQLite file, creates it and its folder if missing, and brings its schema up to date. Throws
 * {@link LedgerError} when another process holds it, a newer bot wrote it, or it can't be used at all.
 */
export function openDatabase(path: string, log?: Logger): { db: DatabaseSync; close(): void } {
  try {
    // Prompts are private, so other users of the machine may not read them.
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
  // Already for the first statement, because a reader such as a backup may hold the file for a moment.
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    // An older file's migration needs this to fill an index of prompts, which a later one drops.
    db.function('search_words', { deterministic: true }, (text) => searchableText(String(text)));
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA foreign_keys = ON;
      PRAGMA secure_delete = ON;
    `);
    migrate(db, log);
    // Who is alive: only the one process that has the file open, and for as long as it has.
    db.exec('CREATE TEMP TABLE processes (id TEXT PRIMARY KEY, alive_until INTEGER NOT NULL)');
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_AT_WORK_MS}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Admits one process at a time, by an exclusive transaction on a separate file. The system ends it with the process,
 * however that dies. The ledger itself stays open to readers such as a backup.
 */
export function lockLedger(ledgerPath: string): { close(): void } {
  // Resolved, because another path may lead to the same ledger.
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
