import type { Steps } from '../database.ts';
import { writeProblemOf } from '../error.ts';

type Work = () => Steps<unknown>;

interface Waiting {
  readonly work: Work;
  /** Until when whoever asked waits. */
  readonly until: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** So much of it is lost, and done anew, where one of them fails. */
const TOGETHER_MAX = 20;

/**
 * Writes that name the same lock stand in line for it, and what waits there goes together, in one transaction: in a burst
 * the lock, and the disk at COMMIT, would otherwise be waited for once for each. Nobody in line holds a connection.
 */
export function createLines(
  writeAll: (works: readonly Work[], lock: string, until: number) => Promise<readonly unknown[]>,
): <T>(work: () => Steps<T>, lock: string, until: number) => Promise<T> {
  const lines = new Map<string, Waiting[]>();

  async function serve(lock: string, line: Waiting[]): Promise<void> {
    // What comes in the same turn goes together from the first one on.
    await Promise.resolve();
    while (line.length > 0) await together(line.splice(0, TOGETHER_MAX), lock);
    lines.delete(lock);
  }

  async function together(some: readonly Waiting[], lock: string): Promise<void> {
    const until = Math.min(...some.map((each) => each.until));
    try {
      const results = await writeAll(
        some.map(({ work }) => work),
        lock,
        until,
      );
      for (const [index, { resolve }] of some.entries()) resolve(results[index]);
    } catch (error) {
      await fail(some, lock, error);
    }
  }

  /** A mistake is one's own: the others don't hear of it. */
  async function fail(some: readonly Waiting[], lock: string, error: unknown): Promise<void> {
    const isMistake = (writeProblemOf(error) ?? 'mistake') === 'mistake';
    if (some.length > 1 && isMistake) for (const one of some) await together([one], lock);
    else for (const { reject } of some) reject(error);
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
