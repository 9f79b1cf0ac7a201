import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

/** Does the work as a whole or not at all, and resolves once it is on disk. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is written in the same turn of the event loop goes to disk together: each commit waits for the disk, and in a
 * burst that wait, once for each write, would take longer than Discord does.
 */
export function createGroupCommit(db: DatabaseSync): { write: Write; flush(): void } {
  let waiting: Waiting[] = [];

  function flush(): void {
    const group = waiting;
    waiting = [];
    if (group.length < 2 || !commitTogether(group)) for (const each of group) commitAlone(each);
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

  function commitAlone({ work, resolve, reject }: Waiting): void {
    try {
      resolve(inTransaction(db, work));
    } catch (error) {
      reject(error);
    }
  }

  function enqueue(each: Waiting): void {
    if (waiting.push(each) === 1) setImmediate(flush);
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        enqueue({ work, resolve: (result) => resolve(result as T), reject });
      }),
    flush,
  };
}
