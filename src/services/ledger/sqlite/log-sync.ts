import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

const fdatasyncLater = promisify(fdatasync);

/** Syncs the write-ahead log to disk. */
export interface LogSync {
  /** Doesn't block the event loop, since a busy disk takes hundreds of milliseconds. Rejects when the disk fails. */
  sync(): Promise<void>;
  syncNow(): void;
  close(): void;
}

/** The thread's answer to a request, by its number. */
export interface Synced {
  readonly number: number;
  /** Why the disk failed. */
  readonly error?: unknown;
}

/**
 * With `synchronous = NORMAL` SQLite itself doesn't wait for the disk at each commit (docs:
 * pragma.html#pragma_synchronous). The code after a commit waits here instead, without blocking everybody else. The
 * ledger has its own thread for this: in libuv's pool, first answers would wait behind the decoding of pictures and the
 * writing of files.
 */
export function createLogSync(db: DatabaseSync): LogSync {
  // The log exists as long as the ledger is open, even after its content has been moved.
  const file = openSync(`${db.location()}-wal`, 'r+');
  const asked = new Map<number, PromiseWithResolvers<void>>();
  const url = new URL('./log-sync.worker.ts', import.meta.url);
  // Without the bot's own Node.js options.
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
  // If the system has no thread left, libuv's pool is used instead.
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
