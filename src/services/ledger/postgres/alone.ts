import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Alone } from '../alone.ts';
import { ANSWER_WITHIN_MS } from './address.ts';

/**
 * For all processes: an advisory lock on a connection of its own, which ends with the process or with the network. The
 * work goes on if the connection is lost meanwhile, so it must be harmless if another process begins it too.
 */
export function createPostgresAlone(options: pg.ClientConfig): Alone {
  return async (name, work) => {
    const client = new pg.Client(options);
    // The queries reject as well.
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked', [
        `imagine-bot alone: ${name}`,
      ]);
      if (!rows[0]?.locked) return false;
      await work();
      return true;
    } finally {
      // The server releases the lock with the connection. A network that swallows packets never confirms the end.
      const ended = client.end().catch(() => undefined);
      await Promise.race([ended, delay(ANSWER_WITHIN_MS, undefined, { ref: false })]);
    }
  };
}
