import type { DatabaseSync } from 'node:sqlite';
import { writeProblemOf } from '../error.ts';
import type { LogSync } from './log-sync.ts';
import { inTransaction } from './transaction.ts';

/** Does the work as a whole or not at all, and resolves once it is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  readonly work: () => unknown;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** A group with it failed: it is tried in a transaction of its own, so that only those hear of it whom it concerns. */
  isAlone: boolean;
}

/** Committed, and not on disk yet. */
interface Committed {
  readonly result: unknown;
  readonly waiting: Waiting;
}

interface GroupCommitOptions {
  readonly elapsed?: (() => number) | undefined;
  /** Puts what has been committed on disk. */
  readonly disk?: Pick<LogSync, 'sync' | 'syncNow'>;
  /** Called after each turn in which something was committed. */
  readonly afterwards?: () => void;
}

/** While another program holds the write lock. */
const TRY_AGAIN_AFTER_MS = 40;
/** Discord waits 3 s for the first answer, which must still say that nothing could be written. */
const GIVE_UP_AFTER_MS = 2000;
/** Everybody waits while a group is written: what takes longer than this goes into the next one. */
const GROUP_MS = 15;

/**
 * What is written in the same turn of the event loop is committed together, and what was committed while the disk was
 * busy goes there together: in a burst that wait, once for each write, would take longer than Discord does. A group is cut
 * by time, and where another program holds the write lock, it is tried again for a while: everybody else goes on meanwhile.
 */
export function createGroupCommit(
  db: DatabaseSync,
  { elapsed = () => performance.now(), disk = NO_DISK, afterwards }: GroupCommitOptions = {},
): { write: Write; flush(): void } {
  let waiting: Waiting[] = [];
  let committed: Committed[] = [];
  let isScheduled = false;
  let isSyncing = false;

  function commitSome(): void {
    isScheduled = false;
    const until = elapsed() + GROUP_MS;
    while (waiting.length > 0) {
      const busy = commitNext(until);
      if (busy !== null) tryLater(busy);
      if (busy !== null || elapsed() >= until) break;
    }
    void syncCommitted();
    afterwards?.();
    schedule();
  }

  async function syncCommitted(): Promise<void> {
    if (isSyncing) return;
    isSyncing = true;
    while (committed.length > 0) {
      const group = committed;
      committed = [];
      await settle(group, () => disk.sync());
    }
    isSyncing = false;
  }

  /** Commits the first that wait. Returns the error where another program holds the write lock: then all of them still wait. */
  function commitNext(until: number): unknown {
    const [first, second] = waiting;
    if (first === undefined) return null;
    if (first.isAlone || second === undefined) return commitAlone(first);
    commitTogether(until);
    return null;
  }

  function commitTogether(until: number): void {
    const results: unknown[] = [];
    let begun = 0;
    try {
      inTransaction(db, () => {
        for (const { work, isAlone } of waiting) {
          if (isAlone || (begun > 0 && elapsed() >= until)) break;
          begun += 1;
          results.push(work());
        }
      });
    } catch {
      for (const each of waiting.slice(0, Math.max(begun, 1))) each.isAlone = true;
      return;
    }
    const done = waiting.slice(0, results.length);
    waiting = waiting.slice(results.length);
    for (const [index, each] of done.entries()) committed.push({ waiting: each, result: results[index] });
  }

  function commitAlone(first: Waiting): unknown {
    try {
      committed.push({ waiting: first, result: inTransaction(db, first.work) });
    } catch (error) {
      if (writeProblemOf(error) === 'busy') return error;
      first.reject(error);
    }
    waiting = waiting.slice(1);
    return null;
  }

  function tryLater(busy: unknown): void {
    const isOver = ({ since }: Waiting) => elapsed() - since >= GIVE_UP_AFTER_MS;
    for (const { reject } of waiting.filter(isOver)) reject(busy);
    waiting = waiting.filter((each) => !isOver(each));
    if (waiting.length === 0) return;
    isScheduled = true;
    setTimeout(commitSome, TRY_AGAIN_AFTER_MS);
  }

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    setImmediate(commitSome);
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        const since = elapsed();
        waiting.push({ work, since, resolve: (result) => resolve(result as T), reject, isAlone: false });
        schedule();
      }),
    /** Writes now what waits. What can't be written now never will be, and is told so. */
    flush() {
      while (waiting.length > 0) {
        const busy = commitNext(Number.POSITIVE_INFINITY);
        if (busy === null) continue;
        for (const { reject } of waiting) reject(busy);
        waiting = [];
      }
      const group = committed;
      committed = [];
      void settle(group, disk.syncNow);
    },
  };
}

/** For a ledger in memory. */
const NO_DISK = { sync: async () => undefined, syncNow: () => undefined };

/** Tells everyone of a group what came of their write, once it is on disk. */
async function settle(group: readonly Committed[], sync: () => unknown): Promise<void> {
  if (group.length === 0) return;
  try {
    await sync();
  } catch (error) {
    for (const { waiting } of group) waiting.reject(error);
    return;
  }
  for (const { waiting, result } of group) waiting.resolve(result);
}
