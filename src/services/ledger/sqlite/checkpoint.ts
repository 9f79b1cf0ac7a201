import type { DatabaseSync } from 'node:sqlite';

/** Moving this many pages takes almost no time. Nobody can write meanwhile. */
const FEW_PAGES = 1000;

/**
 * Moves the content of the write-ahead log into the file, and empties the log. False while another process reads from
 * it, or when so much is written meanwhile that the rest is left for the next try.
 */
export function emptyLog(db: DatabaseSync): boolean {
  // Passive first, because it waits for nobody and blocks no writer.
  const { log, checkpointed } = db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as Record<string, number>;
  if (Number(log) - Number(checkpointed) > FEW_PAGES) return false;
  return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
}
