import type { Pool, PoolClient } from 'pg';
import { TooLate } from './problems.ts';

/** Runs work on its own connection, and gives up on both at `until`, by `performance.now`. */
export type OnConnection = <T>(work: (client: PoolClient) => Promise<T>, until: number) => Promise<T>;

/**
 * A network that swallows packets never answers, not even with an error. So each piece of work has a deadline, which
 * includes the wait for a free connection. A connection that missed a deadline is closed, because its answer may still
 * arrive.
 */
export function onConnections(pool: Pool): OnConnection {
  return async (work, until) => {
    const late = tooLateAt(until);
    const connecting = pool.connect();
    let isKept = false;
    try {
      const client = await Promise.race([connecting, late.rejects]);
      const result = await Promise.race([work(client), late.rejects]);
      isKept = true;
      return result;
    } finally {
      late.clear();
      connecting.then(
        (client) => client.release(!isKept),
        () => undefined,
      );
    }
  };
}

function tooLateAt(until: number): { readonly rejects: Promise<never>; clear(): void } {
  const leftMs = until - performance.now();
  if (leftMs <= 0) throw new TooLate('the database did not answer in time');
  const { promise, reject } = Promise.withResolvers<never>();
  // Nobody awaits the deadline if the work ends before.
  promise.catch(() => undefined);
  const timer = setTimeout(() => reject(new TooLate('the database did not answer in time')), leftMs);
  return { rejects: promise, clear: () => clearTimeout(timer) };
}
