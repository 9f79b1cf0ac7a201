import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { emptyLog } from './checkpoint.ts';

/** Small, because the commit that reaches this number moves the pages into the file and blocks everybody meanwhile. */
const PAGES_MOVED_AT_ONCE = 250;
/** The log only gets longer while another process reads. Afterwards a commit would have to move all of it at once. */
const LONG_BYTES = 8 * 1024 * 1024;

/** Keeps the write-ahead log short without blocking anybody. */
export interface WriteAheadLog {
  /** Call this after commits. Once the log is long, a thread empties it as soon as nobody reads from it. */
  look(): void;
  /** Whether the log is long, because another process keeps it from being emptied. */
  isLong(): boolean;
  /** Empties it now. False while another process reads from it. */
  empty(): Promise<boolean>;
  close(): void;
}

export function createWriteAheadLog(db: DatabaseSync): WriteAheadLog {
  const path = db.location() ?? '';
  let worker: Worker | null = null;
  /** If the system has no thread left, commits move the pages, however many there are. */
  let hasThreads = true;
  moveAtCommits(true);

  /** Decides whether commits move pages. If not, the log only grows, and no commit is slow. */
  function moveAtCommits(isOn: boolean): void {
    db.exec(`PRAGMA wal_autocheckpoint = ${isOn ? PAGES_MOVED_AT_ONCE : 0}`);
  }

  function isLong(): boolean {
    const stats = statSync(`${path}-wal`, { throwIfNoEntry: false });
    return stats !== undefined && stats.size > LONG_BYTES;
  }

  function begin(): Worker {
    moveAtCommits(false);
    // Without the bot's own Node.js options.
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
      // The thread couldn't start, and its error handler has switched to commits.
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
      // Empties it once more, because new writes have arrived meanwhile.
      return (worker === null || (await nextTry(worker))) && emptyLog(db);
    },
    close() {
      const last = worker;
      worker = null;
      void last?.terminate();
    },
  };
}
