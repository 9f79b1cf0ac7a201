import type { DatabaseSync } from 'node:sqlite';

/** So few pages are moved in next to no time: meanwhile nobody can write. */
const FEW_PAGES = 1000;

/**
 * Moves what the write-ahead log holds into the file, and empties it. False while another process reads from it, or so
 * much is written at the same time that the rest is left for the next try.
 */
export function emptyLog(db: DatabaseSync): boolean {
  // Passive first: it waits for nobody and keeps nobody from writing.
  const { log, checkpointed } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as Record<string, number>;
  if (Number(log) - Number(checkpointed) > FEW_PAGES) return false;
  return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
}
