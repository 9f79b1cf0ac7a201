import type { Pool, PoolClient } from 'pg';
import { TooLate } from './problems.ts';

/** Does something on a connection of its own, and gives up on both at that time (of `performance.now`). */
export type OnConnection = <T>(work: (client: PoolClient) => Promise<T>, until: number) => Promise<T>;

/**
 * A network that swallows packets answers nothing, not even that it is gone: so whoever waits has a deadline of their own,
 * which the wait for a free connection counts towards. A connection that missed one is closed, since its answer may come yet.
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
  // Whoever is done before never looks at it.
  promise.catch(() => undefined);
  const timer = setTimeout(() => reject(new TooLate('the database did not answer in time')), leftMs);
  return { rejects: promise, clear: () => clearTimeout(timer) };
}
