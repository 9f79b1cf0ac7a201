import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const fdatasyncLater = promisify(fdatasync);

/** Puts on disk what has been committed to the write-ahead log. */
export interface LogSync {
  /** Beside everything else: a busy disk takes hundreds of milliseconds. Rejects where the disk fails. */
  sync(): Promise<void>;
  syncNow(): void;
  close(): void;
}

/**
 * With `synchronous = NORMAL` SQLite itself doesn't wait for the disk at each commit (docs: pragma.html#pragma_synchronous);
 * what follows a commit waits here instead, and meanwhile everybody else goes on.
 */
export function createLogSync(db: DatabaseSync): LogSync {
  // There for as long as the ledger is open, whatever is moved out of it.
  const file = openSync(`${db.location()}-wal`, 'r+');
  let underWay = 0;
  let isClosed = false;

  function closeOnceIdle(): void {
    if (isClosed && underWay === 0) closeSync(file);
  }

  return {
    async sync() {
      underWay += 1;
      try {
        await fdatasyncLater(file);
      } finally {
        underWay -= 1;
        closeOnceIdle();
      }
    },
    syncNow: () => fdatasyncSync(file),
    close() {
      isClosed = true;
      closeOnceIdle();
    },
  };
}
