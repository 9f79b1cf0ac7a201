import type { DatabaseSync } from 'node:sqlite';
import { writeProblemOf } from '../error.ts';
import type { LogSync } from './log-sync.ts';
import { inTransaction } from './transaction.ts';

/** Does the work completely or not at all, and resolves once it is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  readonly work: () => unknown;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /**
   * A group with this work has failed, so it is tried in its own transaction. Only its own callers then get its error.
   */
  isAlone: boolean;
}

/** Committed work that isn't on disk yet. */
interface Committed {
  readonly result: unknown;
  readonly waiting: Waiting;
}

interface GroupCommitOptions {
  readonly elapsed?: (() => number) | undefined;
  /** Writes committed work to disk. */
  readonly disk?: Pick<LogSync, 'sync' | 'syncNow'>;
  /** Called after each turn of the event loop with a commit. */
  readonly afterwards?: () => void;
}

/** The pause while another program holds the write lock. */
const TRY_AGAIN_AFTER_MS = 40;
/** Discord waits 3 s for the first answer, which must still be able to report the failure. */
const GIVE_UP_AFTER_MS = 2000;
/** Writing a group blocks the event loop. After this time the rest goes into the next group. */
const GROUP_MS = 15;

/**
 * Commits the writes of the same turn of the event loop together, and syncs commits together that were made while the
 * disk was busy. In a burst, one wait for each write would take longer than Discord allows. A group is limited by time.
 * While another program holds the write lock, the group is tried again for a while, without blocking everybody else.
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

  /**
   * Commits the first waiting writes. If another program holds the write lock, returns the error, and all of them keep
   * waiting.
   */
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
    /** Commits all waiting writes now. Rejects those that can't be written. */
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

/** Resolves or rejects every write of a group, once it is on disk. */
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
