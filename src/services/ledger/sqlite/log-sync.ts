import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

const fdatasyncLater = promisify(fdatasync);

/** Puts on disk what has been committed to the write-ahead log. */
export interface LogSync {
  /** Beside everything else: a busy disk takes hundreds of milliseconds. Rejects where the disk fails. */
  sync(): Promise<void>;
  syncNow(): void;
  close(): void;
}

/** The thread's answer to a number that it was sent. */
export interface Synced {
  readonly number: number;
  /** Why the disk didn't take it. */
  readonly error?: unknown;
}

/**
 * With `synchronous = NORMAL` SQLite itself doesn't wait for the disk at each commit (docs: pragma.html#pragma_synchronous);
 * what follows a commit waits here instead, and meanwhile everybody else goes on. The ledger has a thread of its own for
 * it: in libuv's pool, first answers would wait behind pictures that are decoded and files that are written.
 */
export function createLogSync(db: DatabaseSync): LogSync {
  // There for as long as the ledger is open, whatever is moved out of it.
  const file = openSync(`${db.location()}-wal`, 'r+');
  const asked = new Map<number, PromiseWithResolvers<void>>();
  const url = new URL('./log-sync.worker.ts', import.meta.url);
  // Nothing of what the bot itself is started with.
  let thread: Worker | null = new Worker(url, { workerData: { file }, execArgv: [] });
  let sent = 0;
  let underWay = 0;
  let isClosed = false;

  thread.unref();
  thread.on('message', ({ number, error }: Synced) => {
    const one = asked.get(number);
    asked.delete(number);
    if (error === undefined) one?.resolve();
    else one?.reject(error);
  });
  // Where the system has no thread to give, the pool has to do.
  thread.on('error', () => {
    thread = null;
    for (const one of asked.values()) fdatasyncLater(file).then(one.resolve, one.reject);
    asked.clear();
  });

  function syncOnThread(worker: Worker): Promise<void> {
    const one = Promise.withResolvers<void>();
    sent += 1;
    asked.set(sent, one);
    worker.ref();
    worker.postMessage(sent);
    return one.promise;
  }

  function endOnceIdle(): void {
    if (underWay > 0) return;
    thread?.unref();
    if (!isClosed) return;
    void thread?.terminate();
    closeSync(file);
  }

  return {
    async sync() {
      underWay += 1;
      try {
        await (thread ? syncOnThread(thread) : fdatasyncLater(file));
      } finally {
        underWay -= 1;
        endOnceIdle();
      }
    },
    syncNow: () => fdatasyncSync(file),
    close() {
      isClosed = true;
      endOnceIdle();
    },
  };
}
