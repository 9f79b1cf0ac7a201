import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { emptyLog } from './checkpoint.ts';

/** Small: the commit that reaches it moves so many pages into the file while everybody waits. */
const PAGES_MOVED_AT_ONCE = 250;
/** Longer than this it is only while another process reads: then all of it would have to be moved at once. */
const LONG_BYTES = 8 * 1024 * 1024;

/** Keeps the write-ahead log short, and nobody waiting for it. */
export interface WriteAheadLog {
  /** To be called after commits. Once the log is long, a thread of its own empties it as soon as nobody reads from it. */
  look(): void;
  /** Whether another process has kept it from being emptied for long. */
  isLong(): boolean;
  /** Empties it now. False while another process reads from it. */
  empty(): Promise<boolean>;
  close(): void;
}

export function createWriteAheadLog(db: DatabaseSync): WriteAheadLog {
  const path = db.location() ?? '';
  let worker: Worker | null = null;
  /** Where the system has no thread to give, commits move the pages, however many. */
  let hasThreads = true;
  moveAtCommits(true);

  /** Where they don't, the log only grows: a commit itself is never slow. */
  function moveAtCommits(isOn: boolean): void {
    db.exec(`PRAGMA wal_autocheckpoint = ${isOn ? PAGES_MOVED_AT_ONCE : 0}`);
  }

  function isLong(): boolean {
    const stats = statSync(`${path}-wal`, { throwIfNoEntry: false });
    return stats !== undefined && stats.size > LONG_BYTES;
  }

  function begin(): Worker {
    moveAtCommits(false);
    // Nothing of what the bot itself is started with.
    const options = { workerData: { path }, execArgv: [] };
    const begun = new Worker(new URL('./empty-log.worker.ts', import.meta.url), options);
    const end = () => {
      if (worker !== begun) return;
      worker = null;
      moveAtCommits(true);
    };
    begun.on('message', (isEmpty: boolean) => isEmpty && end());
    begun.on('error', () => {
      hasThreads = false;
      end();
    });
    begun.unref();
    return begun;
  }

  async function nextTry(trying: Worker): Promise<boolean> {
    trying.ref();
    try {
      const [isEmpty] = await once(trying, 'message');
      return isEmpty;
    } catch {
      // It could not begin, and has seen to what is done instead.
      return true;
    } finally {
      trying.unref();
    }
  }

  function look(): void {
    if (worker === null && hasThreads && isLong()) worker = begin();
  }

  return {
    look,
    isLong,
    async empty() {
      look();
      // What was written meanwhile is in it again.
      return (worker === null || (await nextTry(worker))) && emptyLog(db);
    },
    close() {
      const last = worker;
      worker = null;
      void last?.terminate();
    },
  };
}
