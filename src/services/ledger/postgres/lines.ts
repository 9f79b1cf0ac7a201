import type { Steps } from '../database.ts';
import { writeProblemOf } from '../error.ts';
import { tooBusy } from './problems.ts';

type Work = () => Steps<unknown>;

interface Waiting {
  readonly work: Work;
  /** When the caller gives up, by `performance.now`. */
  readonly until: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A transaction has this much time at least, although its callers may have waited for it already. */
const LEAST_MS = 500;
/** The most writes of one transaction. If one of them fails, all of them run again, one by one. */
const TOGETHER_MAX = 20;

/**
 * Queues writes by their lock, and runs those that wait together, in one transaction. In a burst, each write would
 * otherwise wait for the lock, and for the server's disk at COMMIT, on its own. A write in the queue holds no connection.
 */
export function createLines(
  writeAll: (works: readonly Work[], lock: string, until: number) => Promise<readonly unknown[]>,
): <T>(work: () => Steps<T>, lock: string, until: number) => Promise<T> {
  const lines = new Map<string, Waiting[]>();

  async function serve(lock: string, line: Waiting[]): Promise<void> {
    // Lets writes of the same turn of the event loop join the first transaction.
    await Promise.resolve();
    let trouble: unknown = null;
    while (line.length > 0) {
      rejectLate(line, trouble);
      trouble = await together(line.splice(0, TOGETHER_MAX), lock);
    }
    lines.delete(lock);
  }

  /** Resolves with the error if the database failed, otherwise with null. */
  async function together(some: readonly Waiting[], lock: string): Promise<unknown> {
    if (some.length === 0) return null;
    const until = Math.max(performance.now() + LEAST_MS, Math.min(...some.map((each) => each.until)));
    try {
      const results = await writeAll(
        some.map(({ work }) => work),
        lock,
        until,
      );
      for (const [index, { resolve }] of some.entries()) resolve(results[index]);
      return null;
    } catch (error) {
      return fail(some, lock, error);
    }
  }

  /** A write that the database refuses fails alone: the others of its transaction run again. */
  async function fail(some: readonly Waiting[], lock: string, error: unknown): Promise<unknown> {
    const isMistake = (writeProblemOf(error) ?? 'mistake') === 'mistake';
    if (some.length > 1 && isMistake) for (const one of some) await together([one], lock);
    else for (const { reject } of some) reject(error);
    return isMistake ? null : error;
  }

  return <T>(work: () => Steps<T>, lock: string, until: number) =>
    new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { work, until, resolve: (result) => resolve(result as T), reject };
      const line = lines.get(lock);
      if (line) return void line.push(waiting);
      const begun = [waiting];
      lines.set(lock, begun);
      void serve(lock, begun);
    });
}

/**
 * Writes whose callers have given up must not take the time of the others. They fail for the reason of the transaction
 * that they waited for, if that failed.
 */
function rejectLate(line: Waiting[], trouble: unknown): void {
  const now = performance.now();
  for (const one of line.splice(0)) {
    if (one.until > now) line.push(one);
    else one.reject(trouble ?? tooBusy('a write waited too long for the others before it'));
  }
}
