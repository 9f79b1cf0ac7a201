import type { DatabaseSync } from 'node:sqlite';
import { writeProblemOf } from './error.ts';
import { inTransaction } from './transaction.ts';

/** Does the work as a whole or not at all, and resolves once it is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  readonly work: () => unknown;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** While another program holds the write lock. */
const TRY_AGAIN_AFTER_MS = 40;
/** Discord waits 3 s for the first answer, which must still say that nothing could be written. */
const GIVE_UP_AFTER_MS = 2000;

/**
 * What is written in the same turn of the event loop goes to disk together: each commit waits for the disk, and in a
 * burst that wait, once for each write, would take longer than Discord does. Where another program holds the write lock,
 * it is tried again for a while, and everybody else goes on meanwhile.
 */
export function createGroupCommit(db: DatabaseSync): { write: Write; flush(): void } {
  let waiting: Waiting[] = [];

  function commitAll(isLast: boolean): void {
    const group = waiting;
    waiting = [];
    for (const [index, each] of group.entries()) {
      if (index === 0 && group.length > 1 && commitTogether(group)) return;
      const busy = commitAlone(each);
      if (busy === null) continue;
      tryLater(group.slice(index), busy, isLast);
      return;
    }
  }

  /** False where that can't be done: then nothing of it was. */
  function commitTogether(group: readonly Waiting[]): boolean {
    let results: unknown[];
    try {
      results = inTransaction(db, () => group.map(({ work }) => work()));
    } catch {
      // Each by itself, so that it fails for those whom it concerns, and they hear of it.
      return false;
    }
    for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    return true;
  }

  /** Returns the error where another program holds the write lock: then it may be tried again. */
  function commitAlone({ work, resolve, reject }: Waiting): unknown {
    try {
      resolve(inTransaction(db, work));
    } catch (error) {
      if (writeProblemOf(error) === 'busy') return error;
      reject(error);
    }
    return null;
  }

  function tryLater(group: readonly Waiting[], busy: unknown, isLast: boolean): void {
    const isOver = ({ since }: Waiting) => isLast || performance.now() - since >= GIVE_UP_AFTER_MS;
    for (const { reject } of group.filter(isOver)) reject(busy);
    waiting = group.filter((each) => !isOver(each));
    if (waiting.length > 0) setTimeout(commitAll, TRY_AGAIN_AFTER_MS, false);
  }

  function enqueue(each: Waiting): void {
    if (waiting.push(each) === 1) setImmediate(commitAll, false);
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        enqueue({ work, since: performance.now(), resolve: (result) => resolve(result as T), reject });
      }),
    flush: () => commitAll(true),
  };
}
