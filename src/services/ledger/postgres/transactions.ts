import pg, { type PoolClient, type QueryResult } from 'pg';
import type { OnConnection } from './connections.ts';
import { inOnePacket } from './one-packet.ts';

/** Also asks for the transaction's number, by which its outcome can be queried if the answer to COMMIT is lost. */
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_current_xact_id()::text AS id';
const BEGIN_READING = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
/** The time for that query, beyond the transaction's own time. Discord still waits this long. */
const ASKED_FOR_MS = 600;

/**
 * Changes whenever the server starts anew, also by itself after a crash of one of its processes. Then it may give numbers
 * again of transactions that didn't reach its log, and those were not kept, whatever becomes of their namesakes. An
 * ordinary user sees no names of the server's own processes, but their ids.
 */
const RUN = `SELECT pg_postmaster_start_time()::text || ' ' ||
  coalesce((SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity
            WHERE usesysid IS NULL AND datid IS NULL), '') AS run`;

type Work<T> = (client: PoolClient) => Promise<T>;

/** It is unknown whether the transaction was kept. Trying again might do it twice. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}

/** Runs work completely or not at all. Failed work is rolled back by closing its connection. */
export function createTransactions(onConnection: OnConnection) {
  /** A connection belongs to one run of the server. */
  const runs = new WeakMap<PoolClient, string>();

  async function runOf(client: PoolClient): Promise<string> {
    const run = runs.get(client) ?? String((await client.query(RUN)).rows[0]?.run);
    runs.set(client, run);
    return run;
  }

  /** Whether a transaction was kept although its COMMIT had no answer. */
  async function isKept({ id, run }: { id: string; run: string }, error: unknown): Promise<boolean> {
    const ask = async (client: PoolClient) => {
      if ((await runOf(client)) !== run) return undefined;
      const { rows } = await client.query('SELECT pg_xact_status($1::xid8) AS status', [id]);
      return rows[0]?.status as string | undefined;
    };
    const status = await onConnection(ask, performance.now() + ASKED_FOR_MS).catch(() => undefined);
    if (status === 'committed' || status === 'aborted') return status === 'committed';
    throw new CommitUnknown('the answer to COMMIT was lost', { cause: error });
  }

  return {
    /** Reads a consistent state of one moment. */
    reading: <T>(work: Work<T>, until: number) =>
      onConnection(async (client) => {
        // The work's first statements go to the server right behind BEGIN.
        const begun = inOnePacket(client, () => [client.query(BEGIN_READING), work(client)] as const);
        const [, result] = await Promise.all(begun);
        await client.query('COMMIT');
        return result;
      }, until),

    /** Each statement sees the latest commits of others. The work holds `lock` from its first statement to its end. */
    async writing<T>(work: Work<T>, until: number, lock?: string): Promise<T> {
      const sent: { id: string; run: string; result: T }[] = [];
      try {
        return await onConnection(async (client) => {
          const run = await runOf(client);
          const begun = inOnePacket(client, () => [begin(client, lock), work(client)] as const);
          const [id, result] = await Promise.all(begun);
          sent.push({ id, run, result });
          await client.query('COMMIT');
          return result;
        }, until);
      } catch (error) {
        for (const { result, ...transaction } of sent) if (await isKept(transaction, error)) return result;
        throw error;
      }
    },
  };
}

/** Returns the transaction's number. */
async function begin(client: PoolClient, lock?: string): Promise<string> {
  const key = lock && pg.escapeLiteral(`imagine-bot: ${lock}`);
  const locked = key ? `; SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))` : '';
  // Several statements in one text have several results, but the types don't say so.
  const [, asked] = (await client.query(BEGIN + locked)) as unknown as QueryResult<{ id: string }>[];
  if (!asked?.rows[0]) throw new Error('PostgreSQL gave the transaction no number');
  return asked.rows[0].id;
}
