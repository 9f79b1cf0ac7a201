import type { PoolClient } from 'pg';

/**
 * Runs `send`, and sends all queries that it begins at once in one packet: each packet takes a system call here, and wakes
 * the server.
 */
export function inOnePacket<T>({ connection: { stream } }: PoolClient, send: () => T): T {
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
